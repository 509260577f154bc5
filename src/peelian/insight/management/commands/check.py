import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from peelian.insight import checker


class Command(BaseCommand):
    """Takes the place of Django's own check of its code, which `peelian web`, `worker` and `migrate` still run by
    themselves.
    """

    help = (
        "Look for contradictions in tables (CSV) and papers (Markdown). Exit code 0 with none, 1 with "
        "findings, 2 for wrong usage."
    )
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "files",
            nargs="+",
            metavar="FILE",
            help="a table (.csv, .tsv) or a paper (anything else); several are compared",
        )
        parser.add_argument(
            "--json", action="store_true", help="print one line of JSON, a list of findings, and nothing else"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        documents, unread = [], 0
        for name in dict.fromkeys(options["files"]):
            try:
                documents.append(checker.read_file(name))
            except checker.NotReadable as problem:
                unread += 1
                self.stderr.write(str(problem))
        findings = checker.check_documents(documents)
        if options["json"]:
            self.stdout.write(json.dumps([finding.as_dict() for finding in findings], ensure_ascii=False))
        else:
            for finding in findings:
                self.stdout.write(finding.as_line())
        if findings or unread:
            raise SystemExit(1)
