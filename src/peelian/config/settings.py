"""Every setting of an installation. What an administrator may set is read from the environment, and documented in
docs/reference/settings.md (a test compares the two)."""

import contextlib
import os
import secrets
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

from csp.constants import NONCE, SELF

from peelian.config import env
from peelian.core.postgres import Cluster

PACKAGE = Path(__file__).resolve().parent.parent
PROJECT = PACKAGE.parent.parent

# Of areas, as places.models.Area.Kind, which cannot be imported before there are settings; a test compares them
_KINDS = ("force", "policing-area", "sector", "ward", "small-area", "impact-area", "hotspot", "drawn")

PEELIAN_HOME = env.folder("PEELIAN_HOME", "./var")
PEELIAN_DEMO = env.flag("PEELIAN_DEMO")
PEELIAN_BASE_URL = env.web_address("PEELIAN_BASE_URL", "http://localhost:8000", path=False)
PEELIAN_SMTP_URL = env.secret("PEELIAN_SMTP_URL")
PEELIAN_EMAIL_CARRIERS = env.carriers("PEELIAN_EMAIL_CARRIERS", "email", first=PEELIAN_SMTP_URL)
PEELIAN_TEXT_CARRIERS = env.carriers("PEELIAN_TEXT_CARRIERS", "text")
PEELIAN_VOICE_CARRIERS = env.carriers("PEELIAN_VOICE_CARRIERS", "voice")
PEELIAN_TRANSLATOR = env.translator("PEELIAN_TRANSLATOR")
PEELIAN_MAIL_DOMAIN = env.domain("PEELIAN_MAIL_DOMAIN", "now.peelian.example")
PEELIAN_MAIL_FROM = env.mail_address("PEELIAN_MAIL_FROM", f"alerts@{PEELIAN_MAIL_DOMAIN}")
PEELIAN_LMTP_LISTEN = env.listening("PEELIAN_LMTP_LISTEN")
PEELIAN_MAILDIR = env.text("PEELIAN_MAILDIR")
PEELIAN_AUTHSERV_ID = env.text("PEELIAN_AUTHSERV_ID")
PEELIAN_CLAMD = env.listening("PEELIAN_CLAMD")
PEELIAN_DKIM_SELECTOR = env.text("PEELIAN_DKIM_SELECTOR")
PEELIAN_DNS = env.text("PEELIAN_DNS")
PEELIAN_BACKUP_RECIPIENT = env.text("PEELIAN_BACKUP_RECIPIENT")
PEELIAN_FORCE_NAME = env.text("PEELIAN_FORCE_NAME", "Heartshire Police" if PEELIAN_DEMO else "Your police force")
PEELIAN_SERVICE_NAME = env.text("PEELIAN_SERVICE_NAME", "Heartshire Now" if PEELIAN_DEMO else "Peelian")
PEELIAN_COLOUR = env.colour("PEELIAN_COLOUR", "#14406b")
PEELIAN_REPORT_URL = env.web_address("PEELIAN_REPORT_URL", "https://www.police.uk/pu/contact-us")
PEELIAN_NEIGHBOURHOOD_KIND = env.choice("PEELIAN_NEIGHBOURHOOD_KIND", "ward", _KINDS)
PEELIAN_MOST_PEOPLE = env.whole_number("PEELIAN_MOST_PEOPLE", 50_000, least=1, most=100_000_000)
PEELIAN_LARGE_SHARE = env.whole_number("PEELIAN_LARGE_SHARE", 25, least=1, most=100)
PEELIAN_QUIET_HOURS = env.hours("PEELIAN_QUIET_HOURS", "21:00-08:00")
PEELIAN_BANK_HOLIDAYS = env.choice("PEELIAN_BANK_HOLIDAYS", "ENG", ("ENG", "NIR", "SCT", "WLS"))
PEELIAN_METRICS_TOKEN = env.secret("PEELIAN_METRICS_TOKEN")
PEELIAN_CAP_TYPES = env.warnings("PEELIAN_CAP_TYPES")
PEELIAN_SHOW_OFFICER_NAMES = env.flag("PEELIAN_SHOW_OFFICER_NAMES")

_external = env.database("DATABASE_URL")
EMBEDDED_DATABASE = _external is None
DATABASES = {
    "default": {
        "ENGINE": "peelian.core.engine",
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"options": env.SHORT_QUERIES},
        **(_external or Cluster(PEELIAN_HOME).settings()),
    }
}


def _secret_key() -> str:
    """The given key; with the embedded database one is made on first use and kept beside the data."""
    given = env.secret("PEELIAN_SECRET_KEY")
    if given:
        return given
    if not EMBEDDED_DATABASE:
        raise env.ConfigurationError(
            "PEELIAN_SECRET_KEY must be set when DATABASE_URL names a server: every process has to share it."
        )
    path = PEELIAN_HOME / "secret-key"
    try:
        PEELIAN_HOME.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            _keep_secret(path, secrets.token_urlsafe(48))
        return path.read_text(encoding="ascii").strip()
    except OSError as problem:
        raise env.ConfigurationError(
            f"PEELIAN_HOME ({PEELIAN_HOME}) cannot be written to: {problem.strerror}."
        ) from problem


def _keep_secret(path: Path, key: str) -> None:
    """Write the key whole or not at all; of processes that start together, one's is everybody's."""
    number, part = tempfile.mkstemp(dir=path.parent, prefix=".secret-key-")  # readable by us alone
    try:
        with os.fdopen(number, "w", encoding="ascii") as file:
            file.write(key)
        with contextlib.suppress(FileExistsError):
            os.link(part, path)
    finally:
        os.unlink(part)


SECRET_KEY = _secret_key()
DEBUG = False
ALLOWED_HOSTS = ["*"] if PEELIAN_DEMO else [PEELIAN_BASE_URL.split("://")[1].split(":")[0], "localhost", "127.0.0.1"]
CSRF_TRUSTED_ORIGINS = [PEELIAN_BASE_URL]

INSTALLED_APPS = [
    "peelian.core",
    "peelian.audit",
    "peelian.contacts",
    "peelian.places",
    "peelian.accounts",
    "peelian.members",
    "peelian.delivery",
    "peelian.conversations",
    "peelian.alerts",
    "peelian.surveys",
    "peelian.events",
    "peelian.priorities",
    "peelian.insight",
    "peelian.website",
    "peelian.console",
    "peelian.api",
    "peelian.config",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "csp",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "peelian.delivery.middleware.Receipts",
    "peelian.core.middleware.RequestId",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "peelian.core.middleware.Language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "peelian.core.middleware.Problems",
    "peelian.accounts.middleware.StaffDoor",
    "peelian.website.middleware.Visits",
]

ROOT_URLCONF = "peelian.config.urls"
WSGI_APPLICATION = "peelian.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "peelian.core.context.force",
                "peelian.core.context.navigation",
                "peelian.core.context.language",
            ],
            "builtins": ["peelian.core.templatetags.peelian"],
        },
    }
]

# People -----------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.Staff"
AUTHENTICATION_BACKENDS = ["peelian.accounts.backend.StaffBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/staff/account/login/"
LOGIN_REDIRECT_URL = "/staff/"
ACCOUNT_ADAPTER = "peelian.accounts.adapter.StaffAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False  # the cookie ends with the browser, the session after 30 idle minutes
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if PEELIAN_BASE_URL.startswith("https://") else 0  # whoever ends TLS stands before us
_FORMS = "peelian.accounts.account_forms"
ACCOUNT_FORMS = {
    "login": f"{_FORMS}.SignInForm",
    "reset_password": f"{_FORMS}.PasswordForgottenForm",
    "reset_password_from_key": f"{_FORMS}.NewPasswordForm",
    "change_password": f"{_FORMS}.ChangePasswordForm",
    "reauthenticate": f"{_FORMS}.ReauthenticateForm",
}
MFA_ADAPTER = "peelian.accounts.adapter.SecondStepAdapter"
MFA_FORMS = {
    "authenticate": f"{_FORMS}.SecondStepForm",
    "reauthenticate": f"{_FORMS}.SecondStepAgainForm",
    "activate_totp": f"{_FORMS}.ActivateAppForm",
    "add_webauthn": f"{_FORMS}.AddPasskeyForm",
    "edit_webauthn": f"{_FORMS}.EditPasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True  # an administrator gave the address; the set-up link went to it
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = PEELIAN_SERVICE_NAME
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = PEELIAN_BASE_URL.startswith("http://")

SESSION_ENGINE = "peelian.core.sessions"
SESSION_COOKIE_AGE = int(timedelta(minutes=30).total_seconds())
SESSION_SAVE_EVERY_REQUEST = False  # accounts.middleware renews a signed-in session once a minute, not at every request
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# Browsers -----------------------------------------------------------------------------------------------------------
BEHIND_TLS = PEELIAN_BASE_URL.startswith("https://")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_TLS else None
SECURE_SSL_REDIRECT = BEHIND_TLS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds()) if BEHIND_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = BEHIND_TLS
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_TLS
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "peelian.core.views.csrf_failure"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": [SELF],
        "frame-ancestors": ["'none'"],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000

STATIC_URL = "/static/"
STATIC_ROOT = PEELIAN_HOME / "static"
PRINT_FONTS = PROJECT / "build" / "fonts"
STATICFILES_DIRS = [("vendor", PROJECT / "build" / "vendor")] if (PROJECT / "build" / "vendor").is_dir() else []
TESTING = "pytest" in sys.modules
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},  # files live in the database
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = TESTING
PAGES_KEPT = 0 if TESTING else 30  # seconds that a process keeps a public page as it was painted (core.painting)

# The rest -----------------------------------------------------------------------------------------------------------
EMAIL_BACKEND = "peelian.delivery.backend.EmailBackend"
DEFAULT_FROM_EMAIL = PEELIAN_MAIL_FROM
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "core_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},  # of 300, Django's own, a flood could push out somebody's lock-out
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English"), ("ur", "Urdu")]  # of residents' pages: a catalogue in locale/ each
LOCALE_PATHS = [PACKAGE / "locale"]
FORMAT_MODULE_PATH = ["peelian.core.formats"]  # dates and numbers are British in every language
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_AGE = int(timedelta(days=365).total_seconds())
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SECURE = PEELIAN_BASE_URL.startswith("https://")
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_THOUSAND_SEPARATOR = False
LOGGING_CONFIG = "peelian.core.logging.configure"
LOGGING: dict[str, object] = {"version": 1}  # an empty one would never reach LOGGING_CONFIG
PROCRASTINATE_WORKER_DEFAULTS = {"update_heartbeat_interval": 1.0, "stalled_worker_timeout": 4.0}
SILENCED_SYSTEM_CHECKS = ["account.W001"]
