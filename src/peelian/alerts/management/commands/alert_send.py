"""`peelian alert send`: an alert from a file, under the same rules as the pages."""

import json
import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from peelian.accounts.models import Staff, Team
from peelian.accounts.queries import teams_to_write_for
from peelian.alerts import actions, advice, files, queries, reach
from peelian.alerts.actions import Stage
from peelian.alerts.errors import AlreadySent, AudienceProblem
from peelian.alerts.files import AlertFile
from peelian.alerts.management.commands._named import named_staff
from peelian.alerts.management.commands._said import as_json, as_text
from peelian.alerts.models import Alert
from peelian.core import wording
from peelian.core.errors import PeelianError
from peelian.core.views import worker_seen

LOOK_EVERY = 0.2  # seconds
WORKER_MAY_TAKE = 5.0  # seconds to show a sign of life
UNFINISHED = (Alert.State.SCHEDULED, Alert.State.SENDING)


class _DryRun(Exception):
    """Carries what would have happened past the roll-back."""

    def __init__(self, ref: str, report: dict[str, Any]) -> None:
        self.ref, self.report = ref, report


class Command(BaseCommand):
    help = "Send an alert from a Markdown file with YAML front matter."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE.md", type=Path)
        parser.add_argument("--as", dest="author", metavar="EMAIL", required=True, help="in whose name")
        parser.add_argument("--approved-by", metavar="EMAIL", help="who approved it, where a second person is needed")
        parser.add_argument("--again", action="store_true", help="send although the same went within the hour")
        parser.add_argument("--first", type=int, metavar="N", help="send to N first, then wait")
        parser.add_argument("--minutes", type=int, metavar="M", help="with --first: wait so long; else until resumed")
        parser.add_argument("--dry-run", action="store_true", help="check and count, change nothing")
        parser.add_argument("--wait", action="store_true", help="stay until all of it is handed over")
        parser.add_argument("--json", action="store_true", help="print one line of JSON and nothing else")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            read = files.read(options["file"])
            author = named_staff(options["author"], "--as")
            approver = named_staff(options["approved_by"], "--approved-by") if options["approved_by"] else None
            with actions.at_command_line():
                stage = _stage(options["first"], options["minutes"])
                alert = _send(read, author, approver, options["again"], stage, dry_run=options["dry_run"])
        except _DryRun as done:
            self._say_dry_run(done.report, as_line=options["json"])
            return
        except PeelianError as problem:
            raise CommandError(str(problem)) from None
        if options["wait"]:
            self._wait(alert)
        alert = Alert.objects.select_related("send", "topic").get(pk=alert.pk)
        again = _to_look_at_again(alert)
        if options["json"]:
            self.stdout.write(json.dumps(as_json(alert) | ({"advice": again} if again else {})))
        else:
            self._say_advice(again)
            self.stdout.write(as_text(alert))
        if alert.state == Alert.State.DRAFT:
            raise CommandError(f"It was not sent: {alert.stopped_because}")

    def _say_dry_run(self, report: dict[str, Any], *, as_line: bool) -> None:
        if as_line:
            self.stdout.write(json.dumps(report))
            return
        self._say_advice(report.get("advice", []))
        self.stdout.write(
            f"It would go to {wording.number(report['recipients'])} recipients. Nothing was sent or saved."
        )

    def _say_advice(self, again: list[str]) -> None:
        for sentence in again:
            self.stderr.write(sentence)

    def _wait(self, alert: Alert) -> None:
        """Look until it is handed over. Without a worker, or once paused, it stays queued, and this says so."""
        started = time.monotonic()
        while True:
            alert.refresh_from_db(fields=["state"])
            if alert.state == Alert.State.PAUSED:
                self.stderr.write("It is paused, so the rest stays queued until somebody resumes it.")
                return
            if alert.state not in UNFINISHED:
                return
            if time.monotonic() - started > WORKER_MAY_TAKE and not worker_seen():
                self.stderr.write("No worker is running, so the alert stays queued. Start one with: peelian worker")
                return
            time.sleep(LOOK_EVERY)


def _stage(first: int | None, minutes: int | None) -> Stage | None:
    if first is None and minutes is not None:
        raise CommandError("--minutes says how long to wait after the first ones: give --first too.")
    if (first is not None and first < 1) or (minutes is not None and minutes < 1):
        raise CommandError("--first and --minutes are whole numbers from 1 on.")
    return None if first is None else Stage(first, minutes)


def _send(
    read: AlertFile, author: Staff, approver: Staff | None, again: bool, stage: Stage | None, *, dry_run: bool
) -> Alert:
    """Draft, approval and release in one transaction, so that a refusal leaves nothing behind; then the freezing,
    here, so that the number of recipients is exact without a worker."""
    with transaction.atomic():
        alert = actions.create_draft(team=_team(read, author), by=author)
        alert = actions.save_draft(alert=alert, version=alert.version, by=author, topic=read.topic, **read.fields)
        try:
            if approver is None:
                actions.send_now(alert=alert, by=author, again=again, stage=stage)
            else:
                actions.ask_for_approval(alert=alert, by=author, again=again, stage=stage, confirmed=True)
                actions.approve(alert=alert, by=approver, again=again, confirmed=True)
        except AlreadySent as twice:
            raise CommandError(f"{twice} On the command line: --again.") from None
        except AudienceProblem as problem:
            raise read.explain(problem) from None
        if dry_run:
            raise _DryRun(alert.ref, _would_be(alert))
    _freeze(alert)
    return alert


def _freeze(alert: Alert) -> None:
    """As its job does: now, or as soon as its translations are there, which nobody makes without a worker but us."""
    asked = False
    while not actions.freeze(alert_id=alert.pk):
        alert.refresh_from_db(fields=["state", "translating_until"])
        if alert.state != Alert.State.SCHEDULED or alert.translating_until is None:
            return
        if not asked and not worker_seen():
            asked = True
            actions.translate(alert_id=alert.pk)
        else:
            time.sleep(LOOK_EVERY)


def _to_look_at_again(alert: Alert) -> list[str]:
    """What the page would say while somebody writes: reasons, which stop nothing."""
    return [f"{one.heading}: {one.sentence}." for one in advice.look(alert, queries.jargon()).advice]


def _would_be(alert: Alert) -> dict[str, Any]:
    by_channel = reach.recipients_by_channel(alert)
    again = _to_look_at_again(alert)
    report: dict[str, Any] = {
        "ref": None,
        "state": Alert.State.DRAFT.value,
        "recipients": sum(by_channel.values()),
        "by_channel": by_channel,
        "handed_over": 0,
        "failed": 0,
        "unknown": 0,
        "seconds": None,
    }
    return report | ({"advice": again} if again else {})


def _team(read: AlertFile, author: Staff) -> Team:
    """The team that the file names; else the author's own that looks after the file's areas, else their first by
    name."""
    own = teams_to_write_for(author)
    if read.team:
        named = own.filter(slug=read.team).first() or own.filter(name=read.team).first()
        if named is None:
            line = read.lines.get(("team", ""), 1)
            raise CommandError(f"{read.path}, line {line}, field team: {author.email} is in no team “{read.team}”.")
        return named
    codes = [code for raw in read.fields["audience"]["clauses"] if raw["kind"] == "areas" for code in raw["values"]]
    team = own.filter(areas__code__in=codes).order_by("name").first() or own.order_by("name").first()
    if team is None:
        raise CommandError(f"{author.email} is in no team, so there is nobody to send in the name of.")
    return team
