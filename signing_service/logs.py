"""The operator's log: one JSON object a line on standard error.

It is for operators and never the record. Tracebacks are written without the values of variables, because those may hold
tokens, codes and personal data; paths that carry a link's token are shortened.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

_LINK = re.compile(r"^((?:/api/v1|/live)?/(?:s|r|enter|verification|stage/[^/]+))/[^/]+")


def configure() -> None:
    """Set up structlog for this process; may be repeated."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            without_link_tokens,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )


def without_link_tokens(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """`/s/<token>/code` becomes `/s/…/code`, and so do the others: a link in a log would be a key under the mat."""
    path = event.get("path")
    if isinstance(path, str):
        event["path"] = _LINK.sub(r"\1/…", path)
    return event
