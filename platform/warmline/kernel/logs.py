"""The form of every process's log: one JSON object a line, with fields and no local variables."""

import logging

import structlog
from structlog.processors import ExceptionRenderer
from structlog.tracebacks import ExceptionDictTransformer


def configure_logs() -> None:
    """Have structlog write JSON lines, with an exception's frames but no local variables.

    Locals hold what callers say, passwords and tokens. structlog shows them unless it is told not
    to, in its development output too, which is what an unconfigured process writes.
    """
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            ExceptionRenderer(ExceptionDictTransformer(show_locals=False)),
            structlog.processors.JSONRenderer(),
        ],
    )


class WithoutTraceback(logging.Filter):
    """Every record, without the traceback of what led to it."""

    def filter(self, record: logging.LogRecord) -> bool:
        """True."""
        record.exc_info = None
        return True
