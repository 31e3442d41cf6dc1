"""What is counted, for Prometheus: how much was asked, how long it took, what failed, and which alarms were raised.

Labels are words of short lists that stand in this program: no school, no account, no name that a client has thought up.
Everything is counted behind the answer. Several workers share a folder of counters, so that whichever is asked tells
what all have counted; there are counters and histograms only, which can be added up.
"""

import contextlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from functools import cache

from prometheus_client import CollectorRegistry, Counter, Histogram, disable_created_metrics, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from resolvers.trail.alarms import AlarmKind

# The name is the library's, which looks for it when it is imported.
FOLDER = "PROMETHEUS_MULTIPROC_DIR"
KINDS = ("query", "mutation", "subscription", "export", "report", "none")
CODES = frozenset(
    {
        "GRAPHQL_PARSE_FAILED",
        "GRAPHQL_VALIDATION_FAILED",
        "BAD_USER_INPUT",
        "OPERATION_RESOLUTION_FAILURE",
        "PERSISTED_QUERY_NOT_FOUND",
        "UNAUTHENTICATED",
        "FORBIDDEN",
        "NOT_FOUND",
        "CONFLICT",
        "RATE_LIMITED",
        "COST_LIMIT_EXCEEDED",
        "TIMEOUT",
        "SERVICE_UNAVAILABLE",
        "INTERNAL_SERVER_ERROR",
    }
)
OTHER = "OTHER"
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)

disable_created_metrics()  # type: ignore[no-untyped-call]
REGISTRY = CollectorRegistry()
REQUESTS = Counter(
    "schoolgraph_requests_total",
    "Requests to /graphql, /export and /reports, by type of operation and HTTP status; 0: the client had gone.",
    ("type", "status"),
    registry=REGISTRY,
)
SECONDS = Histogram(
    "schoolgraph_request_seconds", "From request to response.", ("type",), buckets=BUCKETS, registry=REGISTRY
)
STATEMENTS = Counter("schoolgraph_statements_total", "Selects of operations.", registry=REGISTRY)
ERRORS = Counter(
    "schoolgraph_errors_total", "Responses with a top-level error of this code.", ("code",), registry=REGISTRY
)
ALARMS = Counter("schoolgraph_alarms_total", "Alarms, by their kind.", ("alarm",), registry=REGISTRY)
REFUSALS = Counter("schoolgraph_refusals_total", "What was refused to viewers who had signed in.", registry=REGISTRY)
FAILED_SIGN_INS = Counter("schoolgraph_failed_sign_ins_total", "Wrong passwords and the like.", registry=REGISTRY)
WRITTEN = Counter(
    "schoolgraph_trail_rows_total", "Students read, uses and alarms that were written.", registry=REGISTRY
)
UNWRITTEN = Counter(
    "schoolgraph_trail_failures_total", "Attempts to write them that failed, and are made again.", registry=REGISTRY
)
for _kind in AlarmKind:
    # A counter that does not exist before it is needed cannot be seen to rise.
    ALARMS.labels(_kind.value)


@cache
def _requests(kind: str, status: int) -> Counter:
    return REQUESTS.labels(kind, str(status))


@cache
def _seconds(kind: str) -> Histogram:
    return SECONDS.labels(kind)


def served(kind: str | None, status: int | None, codes: Iterable[str], statements: int, seconds: float) -> None:
    """A request to the endpoint is over."""
    label = kind if kind in KINDS else KINDS[-1]
    _requests(label, status or 0).inc()
    _seconds(label).observe(seconds)
    if statements:
        STATEMENTS.inc(statements)
    for code in codes:
        ERRORS.labels(code if code in CODES else OTHER).inc()


def exposition() -> bytes:
    """Everything counted, by all workers, in Prometheus' text format."""
    if FOLDER not in os.environ:
        return generate_latest(REGISTRY)
    together = CollectorRegistry()
    MultiProcessCollector(together)  # type: ignore[no-untyped-call]
    return generate_latest(together)


@contextlib.contextmanager
def metrics_folder() -> Iterator[None]:
    """Where the workers that are started meanwhile keep their counters."""
    with tempfile.TemporaryDirectory(prefix="schoolgraph-metrics-") as folder:
        os.environ[FOLDER] = folder
        try:
            yield
        finally:
            del os.environ[FOLDER]
