"""What others do in the place of our engine, measured to the same sink: Django's own backend, and django-post_office
where somebody has put it on the path (it is no dependency of ours)."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import time
from typing import Any

from peelian.config.bench.scratch import environment
from peelian.core.messages import TOKEN, EmailParts
from peelian.delivery.bench import Sample

MESSAGES = 3_000

# Run in a process of its own: post_office wants to be an installed app with tables
_POST_OFFICE = """
import sys, time, django
from django.conf import settings
settings.configure(
    INSTALLED_APPS=["django.contrib.contenttypes", "post_office"], USE_TZ=True, SECRET_KEY="bench",
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
    DATABASES={"default": {"ENGINE": "django.db.backends.postgresql", "NAME": sys.argv[1], "HOST": sys.argv[2],
                           "PORT": sys.argv[3], "USER": sys.argv[4]}},
    EMAIL_HOST="127.0.0.1", EMAIL_PORT=int(sys.argv[5]), EMAIL_BACKEND="post_office.EmailBackend",
    POST_OFFICE={"BACKENDS": {"default": "django.core.mail.backends.smtp.EmailBackend"}, "LOG_LEVEL": 0,
                 "BATCH_SIZE": 10000, "BATCH_DELIVERY_TIMEOUT": 600, "THREADS_PER_PROCESS": 8},
)
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from post_office import mail
from post_office.models import Email
text, html, number = open(sys.argv[6]).read(), open(sys.argv[7]).read(), int(sys.argv[8])
mail.send_many([{"recipients": [f"p{n}@home.example"], "sender": "team@now.example", "subject": "Vans opened",
                 "message": text.replace("TOKEN", f"t{n:027d}"), "html_message": html.replace("TOKEN", f"t{n:027d}")}
                for n in range(number)])
begun = time.perf_counter()
mail.send_queued(processes=1)
seconds = time.perf_counter() - begun
assert Email.objects.filter(status=0).count() == number
print(number / seconds)
"""


def django_backend(port: int, messages: int = MESSAGES) -> int:
    """Messages a second of EmailMultiAlternatives over one kept connection, no ledger."""
    from django.core.mail import EmailMultiAlternatives, get_connection

    parts, recipients = Sample().email(1), [f"peer{n}@home.example" for n in range(messages)]
    where: dict[str, Any] = {"host": "127.0.0.1", "port": port, "use_tls": False, "username": "", "password": ""}
    with get_connection("django.core.mail.backends.smtp.EmailBackend", **where) as opened:
        begun = time.perf_counter()
        for number, recipient in enumerate(recipients):
            token = f"t{number:027d}"
            message = EmailMultiAlternatives(
                parts.subject, parts.text.replace(TOKEN, token), "team@now.example", [recipient], connection=opened
            )
            message.attach_alternative(parts.html.replace(TOKEN, token), "text/html")
            message.send()
        return round(messages / (time.perf_counter() - begun))


def post_office(port: int, folder: Any, messages: int = MESSAGES) -> int | None:
    """Messages a second of django-post_office's queue: one process of eight threads; None where it is not there."""
    from django.db import connection

    if importlib.util.find_spec("post_office") is None:
        return None
    parts: EmailParts = Sample().email(1)
    text, html, given = folder / "text", folder / "html", connection.settings_dict
    text.write_text(parts.text.replace(TOKEN, "TOKEN"))
    html.write_text(parts.html.replace(TOKEN, "TOKEN"))
    name = f"{given['NAME']}_peer"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {name}")
    values = [name, given["HOST"], given["PORT"] or "", given["USER"], port, text, html, messages]
    try:
        done = subprocess.run(
            [sys.executable, "-c", _POST_OFFICE, *map(str, values)],
            env=environment() | {"PYTHONPATH": os.pathsep.join(sys.path)}, capture_output=True, text=True, check=False,
        )  # fmt: skip
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    if done.returncode:
        raise AssertionError(f"django-post_office did not run: {done.stderr[-800:]}")
    return round(float(done.stdout))
