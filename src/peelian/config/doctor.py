"""What `peelian doctor` looks at. Each check's first line says what is well; what it returns says what is not."""

import shutil
from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError, connection

from peelian.accounts.models import Staff
from peelian.accounts.roles import FOR_THE_FORCE
from peelian.audit import queries as audit
from peelian.config import mail_dns
from peelian.core import clamd, installation, translators, views
from peelian.delivery import ask_carriers
from peelian.places.models import Area


def addresses() -> list[str]:
    """The web address, the mail addresses and the mail server can be used."""
    problems = ask_carriers.problems()
    if settings.PEELIAN_DEMO:
        return problems
    if not settings.PEELIAN_BASE_URL.startswith("https://"):
        problems.append(f"PEELIAN_BASE_URL is {settings.PEELIAN_BASE_URL}: residents' links need https.")
    if settings.PEELIAN_MAIL_DOMAIN.endswith(".example"):
        problems.append("PEELIAN_MAIL_DOMAIN is not set: replies and returned mail have nowhere to go.")
    if ask_carriers.email_stays_here():
        problems.append("PEELIAN_SMTP_URL is not set: every message stays in the local outbox.")
    elif ask_carriers.nothing_takes_in_mail():
        problems.append(
            "PEELIAN_LMTP_LISTEN and PEELIAN_MAILDIR are not set: answers and returned mail cannot come in."
        )
    return problems


def sender() -> list[str]:
    """The mail domain says who may send for it (SPF, DKIM, DMARC), or is not in use yet."""
    if settings.PEELIAN_DEMO or settings.PEELIAN_MAIL_DOMAIN.endswith(".example"):
        return []  # said above
    return mail_dns.problems()


def translator() -> list[str]:
    """The translator answers, or there is none."""
    return translators.problems()


def scanner() -> list[str]:
    """The virus scanner answers, or there is none."""
    problem = clamd.ping() if clamd.is_set() else ""
    return [problem] if problem else []


def database() -> list[str]:
    """The database answers, is of a version we know, and sorts alike everywhere."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('server_version_num')::int, current_setting('server_encoding')")
            version, encoding = cursor.fetchone()
    except DatabaseError as problem:
        named = "" if settings.EMBEDDED_DATABASE else " DATABASE_URL names it."
        return [f"The database cannot be reached: {str(problem).splitlines()[0].rstrip('.')}.{named}"]
    problems = [] if version >= 150000 else [f"PostgreSQL 15 or newer is needed; this is {version // 10000}."]
    return problems if encoding == "UTF8" else [*problems, f"The database's encoding is {encoding}, not UTF8."]


def migrations() -> list[str]:
    """The database's tables are those of this version."""
    try:
        pending = views.pending_migrations()
    except DatabaseError:
        return []
    return [f"{pending} migrations are not applied: run peelian migrate."] if pending else []


def worker() -> list[str]:
    """A worker has been seen in the last minute."""
    try:
        return [] if views.worker_seen() else ["No worker has been seen in the last minute: start peelian worker."]
    except DatabaseError:
        return []


def audit_trail() -> list[str]:
    """The audit trail is as it was sealed."""
    try:
        return audit.verify()
    except DatabaseError:
        return []


def roles() -> list[str]:
    """Nobody has areas whose role is for the whole force."""
    try:
        found = Staff.objects.filter(role__in=FOR_THE_FORCE, scope__isnull=False, is_active=True).distinct()
        return [
            f"The account at /staff/accounts/{person.pk}/ is an {person.get_role_display().lower()} with areas and"
            " finds no audit trail: take the areas away on that page."
            for person in found.order_by("pk")
        ]
    except DatabaseError:
        return []


def set_up() -> list[str]:
    """There is a force area and an administrator."""
    try:
        problems = (
            [] if Area.objects.filter(kind=Area.Kind.FORCE).exists() else ["No force area: run peelian import areas."]
        )
        if not Staff.objects.filter(role="administrator", is_active=True).exists():
            problems.append("Nobody is an administrator: run peelian staff add EMAIL --role administrator.")
        if installation.is_demo() != settings.PEELIAN_DEMO:
            problems.append(
                "PEELIAN_DEMO does not fit this database: demo databases serve only in demo mode, and only they do."
            )
    except DatabaseError:
        return []
    return problems


def disk() -> list[str]:
    """There is room on the disk of PEELIAN_HOME."""
    free = shutil.disk_usage(settings.PEELIAN_HOME).free
    return [f"Only {free / 1e9:.1f} GB are free on the disk of PEELIAN_HOME."] if free < 2e9 else []


CHECKS: list[Callable[[], list[str]]] = [
    *(addresses, sender, translator, scanner, database, migrations),
    *(worker, audit_trail, roles, set_up, disk),
]
