"""Structured logs: JSON lines outside a terminal, plain ones in it, a request id on each. Nothing personal: events are
constant words and ids, and what libraries add in passing is cut down to its class."""

import logging
import logging.config
import sys
from typing import Any

import structlog
from structlog.typing import EventDict, Processor

_QUIET = {"django.server": "WARNING", "django.request": "ERROR", "procrastinate": "WARNING", "pyogrio": "WARNING"}
_QUIET |= {"pikepdf": "WARNING"}


def _without_arguments(_: Any, __: str, event: EventDict) -> EventDict:
    """Drop what libraries attach to their records: job arguments, request objects, SQL parameters, exception texts."""
    record = event.get("_record")
    if record is not None:
        event["event"] = str(record.msg).partition("\n")[0]  # "Not Found: %s", without what was filled in
    kept = {k: v for k, v in event.items() if k in _KEYS or record is None}
    error = kept.pop("exc_info", None)
    if error:
        kind, _value, trace = error if isinstance(error, tuple) else sys.exc_info()
        kept["error"] = kind.__name__ if kind else "unknown"
        kept["at"] = _where(trace)
    return kept


_KEYS = {"event", "level", "timestamp", "logger", "exc_info", "request_id", "job", "_record", "_from_structlog"}


def _where(trace: Any) -> list[str]:
    """File, line and function of the last six frames; no values, which might be somebody's."""
    import traceback

    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)[-6:]]


def configure(_: dict[str, Any] | None = None) -> None:
    """Django calls this as LOGGING_CONFIG."""
    before: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _without_arguments,
    ]
    terminal = sys.stderr.isatty()
    renderer: Processor = structlog.dev.ConsoleRenderer() if terminal else structlog.processors.JSONRenderer()
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "plain": {
                    "()": structlog.stdlib.ProcessorFormatter,
                    "foreign_pre_chain": before,
                    "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
                }
            },
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
            "root": {"handlers": ["stderr"], "level": "INFO"},
            "loggers": {name: {"level": level} for name, level in _QUIET.items()},
        }
    )
    structlog.configure(
        processors=[*before, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
