"""One line in the log for each request to the endpoint."""

import logging
import time
from dataclasses import dataclass, field

from app import metrics
from app.logs import tell
from resolvers.secret import masked

log = logging.getLogger("schoolgraph.operation")
NAME_SHOWN = 100


@dataclass
class OperationLine:
    """Filled while a request is served; times in milliseconds, sizes in bytes. `more` is what only some kinds have."""

    slow_seconds: float
    started: float = field(default_factory=time.perf_counter)
    operation: str | None = None
    kind: str | None = None
    statements: int = 0
    status: int | None = None
    size: int = 0
    codes: tuple[str, ...] = ()
    more: dict[str, object] = field(default_factory=dict)

    def write(self) -> None:
        """A slow operation is a warning; without a status the client had gone."""
        seconds = time.perf_counter() - self.started
        metrics.served(self.kind, self.status, self.codes, self.statements, seconds)
        fields: dict[str, object] = {
            "operation": self.operation and masked(self.operation[:NAME_SHOWN]),
            "type": self.kind,
            "status": self.status,
            "statements": self.statements,
            "ms": round(seconds * 1000, 2),
            "bytes": self.size,
            **self.more,
        }
        if self.codes:
            fields["codes"] = self.codes
        if self.status is None:
            fields["disconnected"] = True
        slow = seconds >= self.slow_seconds
        if slow:
            fields["slow"] = True
        tell(log, logging.WARNING if slow else logging.INFO, "operation", fields)
