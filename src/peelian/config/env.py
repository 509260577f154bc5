"""Typed readers of the environment. Each fails with a sentence that names the setting, never with its secret value."""

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit


# Our queries are short: compiling each costs about 200 ms and saves none
WITHOUT_JIT = "-c jit=off"


class ConfigurationError(Exception):
    """The environment asks for something that cannot be; the message says what to change."""


def text(name: str, default: str = "") -> str:
    """The value of NAME, stripped; DEFAULT when it is unset or empty."""
    return os.environ.get(name, "").strip() or default


def secret(name: str) -> str:
    """The value of NAME, or the content of the file that NAME_FILE points to; empty when neither is set."""
    value = text(name)
    path = text(f"{name}_FILE")
    if value or not path:
        return value
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as problem:
        raise ConfigurationError(f"{name}_FILE names a file that cannot be read: {path}.") from problem


def flag(name: str) -> bool:
    """True for 1, true, yes or on; false for 0, false, no, off or nothing."""
    value = text(name).lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"", "0", "false", "no", "off"}:
        return False
    raise ConfigurationError(f"{name} should be 1 or 0, not {value!r}.")


def folder(name: str, default: str) -> Path:
    """An absolute folder path; the folder need not exist yet."""
    return Path(text(name, default)).expanduser().resolve()


def web_address(name: str, default: str) -> str:
    """An http or https address without a trailing slash."""
    value = text(name, default).rstrip("/")
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise ConfigurationError(f"{name} should be a web address such as https://now.example.org, not {value!r}.")
    return value


def database(name: str) -> dict[str, object] | None:
    """Django's connection settings from postgresql://user:password@host:port/name; None when NAME is unset."""
    value = secret(name)
    if not value:
        return None
    parts = urlsplit(value)
    if parts.scheme not in {"postgres", "postgresql"} or len(parts.path) < 2:
        raise ConfigurationError(f"{name} should look like postgresql://name:password@host:5432/database.")
    query = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    return {
        "NAME": unquote(parts.path[1:]),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(query.pop("host", parts.hostname or "")),
        "PORT": unquote(query.pop("port", str(parts.port or ""))),
        "OPTIONS": {"options": WITHOUT_JIT, **{key: unquote(item) for key, item in query.items()}},
    }
