"""Logs: one JSON object a line.

    {"time": "2026-03-02T08:15:00.123+00:00", "level": "INFO", "logger": "schoolgraph.operation", "message": "…",
     "request_id": "…", "operation": "Students", "statements": 4, "ms": 3.2, "bytes": 20480, …}

Values that clients send never get here: no variables, no tokens, no document. Of an exception the log has its frames
and the first line of its message, because the lines after it are where drivers quote rows and parameters. What could
be a national id is masked wherever it comes from.
"""

import asyncio
import datetime
import logging
import time
import traceback
from collections.abc import Mapping
from typing import TextIO

import orjson

from app import request_ids
from resolvers.secret import masked

# What a line does not say need not be found out for each of them: where it was logged, and by which thread and process.
logging._srcfile = ""
logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
# What every request logs is written together, so many seconds after the first line of it.
SECONDS_KEPT = 0.02


class JsonLines(logging.Formatter):
    """What `extra={"fields": {...}}` holds becomes members of the object."""

    def format(self, record: logging.LogRecord) -> str:
        fields = getattr(record, "fields", {})
        if record.exc_info and record.exc_info[1] is not None:
            fields = {**fields, "exception": describe(record.exc_info[1])}
        return _line(record.created, record.levelname, record.name, masked(record.getMessage()), fields)


class Together(logging.StreamHandler[TextIO]):
    """Writes what a running loop has to `tell` within a moment by one call of the system.

    Whatever else is logged is written at once, after what waits, so that it is all there when a process has said that
    it ends.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        super().__init__(stream)
        self._lines: list[str] = []
        # The loop that has been asked to write them; one that has ended never will.
        self._asked: asyncio.AbstractEventLoop | None = None

    def emit(self, record: logging.LogRecord) -> None:
        try:
            self.put(self.format(record), at_once=True)
        except Exception:
            self.handleError(record)

    def put(self, line: str, *, at_once: bool) -> None:
        """Write a line, after those that wait."""
        assert self.lock is not None
        with self.lock:
            self._lines.append(line)
            if at_once or not self._scheduled():
                self.flush()

    def _scheduled(self) -> bool:
        """Have the loop write; False where none is running."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return False
        if self._asked is not loop:
            self._asked = loop
            loop.call_later(SECONDS_KEPT, self.flush)
        return True

    def flush(self) -> None:
        """Write what waits; when the interpreter ends it asks for that, too."""
        assert self.lock is not None
        with self.lock:
            lines, self._lines, self._asked = self._lines, [], None
            try:
                if lines:
                    self.stream.write("\n".join([*lines, ""]))
                super().flush()
            except Exception:
                # As for any line that cannot be written: told where that can be, and no answer fails for it.
                self.handleError(logging.makeLogRecord({"msg": "%d lines of the log", "args": (len(lines),)}))


def tell(log: logging.Logger, level: int, message: str, fields: Mapping[str, object]) -> None:
    """Log what every request logs: straight to the handler where there is none but ours; a warning at once.

    `message` is a constant of ours, and fields are masked already.
    """
    handlers = logging.root.handlers
    if len(handlers) != 1 or not isinstance(handlers[0], Together) or not log.isEnabledFor(level):
        log.log(level, message, extra={"fields": fields})
        return
    try:
        line = _line(time.time(), logging.getLevelName(level), log.name, message, fields)
        handlers[0].put(line, at_once=level >= logging.WARNING)
    except Exception:
        handlers[0].handleError(logging.makeLogRecord({"name": log.name, "msg": message}))


def _line(at: float, level: str, logger: str, message: str, fields: Mapping[str, object]) -> str:
    line: dict[str, object] = {
        "time": datetime.datetime.fromtimestamp(at, datetime.UTC).isoformat(timespec="milliseconds"),
        "level": level,
        "logger": logger,
        "message": message,
    }
    if (request_id := request_ids.current.get()) is not None:
        line["request_id"] = request_id
    return orjson.dumps({**line, **fields}, default=str).decode()


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
