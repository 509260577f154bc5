"""The `peelian` command. `peelian import areas …` is the management command `import_areas`; exit codes are 0 done,
1 refused or failed with a sentence on stderr, 2 wrong usage."""

import importlib
import os
import pkgutil
import sys
from collections.abc import Sequence

# These open no database, or open it themselves
WITHOUT_DATABASE = {"stop", "help", "makemigrations", "upgrade_database"}
# These may meet a database whose migrations are not applied yet
BEFORE_MIGRATIONS = WITHOUT_DATABASE | {"migrate", "restore", "backup", "doctor", "sqlmigrate", "showmigrations"}
DJANGO_COMMANDS = {"migrate", "makemigrations", "check", "shell", "dbshell", "sqlmigrate", "showmigrations"}


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


def _run(words: list[str]) -> int:
    commands = our_commands()
    name, rest = _name_and_arguments(words, commands)
    if name in {"", "help", "--help", "-h"}:
        print(_usage(commands))
        return 0 if words else 2
    if name not in commands | DJANGO_COMMANDS:
        print(f"There is no command {' '.join(words[:2])!r}.\n\n{_usage(commands)}", file=sys.stderr)
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
    from django.core.management import ManagementUtility
    from django.db import OperationalError

    from peelian.core.errors import PeelianError

    django.setup()
    try:
        ManagementUtility(["peelian", name, *rest]).execute()
    except PeelianError as problem:
        return _refuse(str(problem))
    except OperationalError as problem:
        return _refuse(f"The database cannot be reached: {str(problem).splitlines()[0]}.")
    except ImproperlyConfigured as problem:
        return _refuse(str(problem))
    except SystemExit as left:
        return left.code if isinstance(left.code, int) else 1
    except KeyboardInterrupt:
        return 130
    return 0


def _prepare_database(name: str) -> str:
    """Start the embedded database and, when it is empty, migrate it. Returns a sentence when the command cannot go on."""
    import django
    from django.conf import settings

    if settings.EMBEDDED_DATABASE:
        from peelian.core.postgres import ensure_running

        ensure_running(settings.PEELIAN_HOME)
    django.setup()
    if name in BEFORE_MIGRATIONS:
        return ""
    from django.core.management import call_command
    from django.db import OperationalError, connection

    from peelian.core.views import pending_migrations

    try:
        if settings.EMBEDDED_DATABASE and not connection.introspection.table_names():
            call_command("migrate", verbosity=0)
        elif pending_migrations():
            return "The database is of an older version of Peelian. Run peelian migrate first."
    except OperationalError as problem:
        return f"The database cannot be reached: {str(problem).splitlines()[0]}."
    return ""


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
    groups = {"import", "alert", "staff", "members"}
    shown = []
    for name in sorted(commands | {"migrate"}):
        first, _, second = name.partition("_")
        shown.append(f"{first} {second}" if first in groups and second else name.replace("_", "-"))
    return "peelian COMMAND …\n\n" + "\n".join(f"    peelian {name}" for name in shown) + (
        "\n\npeelian COMMAND --help explains one."
    )


def _refuse(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1


if __name__ == "__main__":
    main()
