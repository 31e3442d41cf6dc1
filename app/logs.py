"""Logs: one JSON object a line.

    {"time": "2026-03-02T08:15:00.123+00:00", "level": "INFO", "logger": "schoolgraph.operation", "message": "…",
     "request_id": "…", "operation": "Students", "statements": 4, "ms": 3.2, "bytes": 20480, …}

Values that clients send never get here: no variables, no tokens, no document. Of an exception the log has its frames
and the first line of its message, because the lines after it are where drivers quote rows and parameters. What could
be a national id is masked wherever it comes from.
"""

import datetime
import logging
import traceback

import orjson

from app import request_ids
from resolvers.secret import masked

# What a line does not say need not be found out for each of them: where it was logged, and by which thread and process.
logging._srcfile = ""
logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False


class JsonLines(logging.Formatter):
    """What `extra={"fields": {...}}` holds becomes members of the object."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.datetime.fromtimestamp(record.created, datetime.UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": masked(record.getMessage()),
        }
        if (request_id := request_ids.current.get()) is not None:
            line["request_id"] = request_id
        line |= getattr(record, "fields", {})
        if record.exc_info and record.exc_info[1] is not None:
            line["exception"] = describe(record.exc_info[1])
        return orjson.dumps(line, default=str).decode()


def describe(error: BaseException) -> list[str]:
    """An exception and what led to it, latest first: type, first line of the message, frames."""
    lines: list[str] = []
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        first = masked(str(current).partition("\n")[0])
        lines.append(f"{type(current).__module__}.{type(current).__qualname__}: {first}")
        lines += [
            f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(current.__traceback__)
        ]
        if isinstance(current, BaseExceptionGroup):
            lines += [f"  | {line}" for part in current.exceptions for line in describe(part)]
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return lines
