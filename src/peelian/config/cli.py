"""The `peelian` command. `peelian import areas …` is the management command `import_areas`; exit codes are 0 done,
1 refused or failed with a sentence on stderr, 2 wrong usage."""

import gc
import importlib
import os
import pkgutil
import sys
from collections.abc import Sequence
from typing import Any

# These open no database, or open it themselves
WITHOUT_DATABASE = {"stop", "help", "makemigrations", "upgrade_database", "check"}
# These may meet a database whose migrations are not applied yet
BEFORE_MIGRATIONS = WITHOUT_DATABASE | {"migrate", "restore", "backup", "doctor", "sqlmigrate", "showmigrations"}
# First words of commands of two
GROUPS = {"import", "alert", "staff", "members"}
DJANGO_OPTIONS = {
    "--version", "-v", "--settings", "--pythonpath", "--traceback", "--no-color", "--force-color", "--skip-checks",
}  # fmt: skip
CHECKED = {"web", "worker", "migrate"}
DJANGO_COMMANDS = {"migrate", "makemigrations", "shell", "dbshell", "sqlmigrate", "showmigrations"}


def main() -> None:
    """The console script."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "peelian.config.settings")
    sys.exit(run(sys.argv[1:]))


def run(words: Sequence[str]) -> int:
    """Run one command line and return its exit code."""
    from peelian.config.env import ConfigurationError
    from peelian.core.postgres import PostgresError

    try:
        return _run(list(words))
    except (ConfigurationError, PostgresError) as problem:
        return _refuse(str(problem))
    except BrokenPipeError:  # whoever read our output has heard enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _run(words: list[str]) -> int:
    commands = our_commands()
    name, rest = _name_and_arguments(words, commands)
    if name in {"", "help", "--help", "-h"}:
        sys.stdout.write(_usage(commands))
        return 0 if words else 2
    if name not in commands | DJANGO_COMMANDS:
        sys.stderr.write(f"There is no command {' '.join(words[:2])!r}.\n\n{_usage(commands)}")
        return 2
    wants_help = bool({"--help", "-h"} & set(rest))
    if name not in WITHOUT_DATABASE and not wants_help:
        problem = _prepare_database(name)
        if problem:
            return _refuse(problem)
    return _execute(name, rest)


def _execute(name: str, rest: list[str]) -> int:
    import django
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management.base import CommandError
    from django.db import OperationalError

    from peelian.core.errors import PeelianError

    django.setup()
    gc.freeze()  # what is loaded now stays: no need to look through it whenever a command makes many rows
    try:
        _call(name, rest)
    except (CommandError, PeelianError, ImproperlyConfigured) as problem:
        return _refuse(str(problem))
    except OperationalError as problem:
        return _refuse(_unreachable(problem))
    except SystemExit as left:
        return left.code if isinstance(left.code, int) else int(bool(left.code))
    except KeyboardInterrupt:
        return 130
    return 0


def _call(name: str, rest: list[str]) -> None:
    """What Django's run_from_argv does, but known to its parser by the words people type, and its errors left to us."""
    from django.core.management import ManagementUtility
    from django.db import connections

    command: Any = ManagementUtility(["peelian", name]).fetch_command(name)
    command._called_from_command_line = True
    command.suppressed_base_arguments = DJANGO_OPTIONS  # they work, and help is easier to read without them
    options = vars(command.create_parser("peelian", spoken(name)).parse_args(rest))
    # Django's checks of our own code take a quarter of a second: once for those that stay, not for each command
    options["skip_checks"] = bool(options.get("skip_checks")) or name not in CHECKED
    try:
        command.execute(*options.pop("args", ()), **options)
    finally:
        connections.close_all()


def _unreachable(problem: Exception) -> str:
    from django.conf import settings

    said = (str(problem).strip().splitlines() or ["no reason given"])[0].rstrip(".")
    named = "" if settings.EMBEDDED_DATABASE else " DATABASE_URL names it."
    return f"The database cannot be reached: {said}.{named}"


def _prepare_database(name: str) -> str:
    """Start the embedded database and, when it is empty or a demonstration that is shown again, migrate it. Returns a
    sentence when that cannot be: nobody's real database is changed unasked."""
    import django
    from django.conf import settings

    if settings.EMBEDDED_DATABASE:
        from peelian.core.postgres import ensure_running

        ensure_running(settings.PEELIAN_HOME)
    django.setup()
    if name in BEFORE_MIGRATIONS:
        return ""
    from django.core.management import call_command
    from django.db import OperationalError

    from peelian.core.installation import is_demo
    from peelian.core.views import pending_migrations

    try:
        if not pending_migrations():
            return ""
        if not (settings.EMBEDDED_DATABASE and (_is_nobodys() or (name == "demo" and is_demo()))):
            return "The database is of an older version of Peelian. Run peelian migrate first."
        call_command("migrate", verbosity=0)
    except OperationalError as problem:
        return _unreachable(problem)
    return ""


def _is_nobodys() -> bool:
    """Whether nobody has an account here: the database is new, or its very first migration was cut off."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('accounts_staff') IS NULL")
        if cursor.fetchone()[0]:
            return True
        cursor.execute("SELECT NOT EXISTS (SELECT 1 FROM accounts_staff)")
        return bool(cursor.fetchone()[0])


def our_commands() -> set[str]:
    """The names of the management commands that Peelian's own apps bring."""
    import peelian

    found = set()
    for app in pkgutil.iter_modules(peelian.__path__):
        try:
            package = importlib.import_module(f"peelian.{app.name}.management.commands")
        except ModuleNotFoundError:
            continue
        found |= {module.name for module in pkgutil.iter_modules(package.__path__) if not module.name.startswith("_")}
    return found


def _name_and_arguments(words: list[str], commands: set[str]) -> tuple[str, list[str]]:
    """`import areas x.geojson` → ("import_areas", ["x.geojson"])."""
    if len(words) > 1 and (two := "_".join(words[:2]).replace("-", "_")) in commands:
        return two, words[2:]
    return (words[0].replace("-", "_"), words[1:]) if words else ("", [])


def _usage(commands: set[str]) -> str:
    shown = "\n".join(f"    peelian {spoken(name)}" for name in sorted(commands | {"migrate"}))
    return f"peelian COMMAND …\n\n{shown}\n\npeelian COMMAND --help explains one.\n"


def spoken(name: str) -> str:
    """How people type a command: "import areas" for import_areas, "upgrade-database" for upgrade_database."""
    first, _, second = name.partition("_")
    return f"{first} {second}" if first in GROUPS and second else name.replace("_", "-")


def _refuse(sentence: str) -> int:
    sys.stderr.write(f"{sentence}\n")
    return 1


if __name__ == "__main__":
    main()
