"""Which HTTP status goes with what has happened. This table is the only place that decides it.

A client that asks for `application/graphql-response+json` learns from the status alone whether there is `data`. One
that asks for `application/json` gets 200 for every well-formed request whose document could be judged, as such clients
have always got; only what never was a GraphQL request, or was not permitted, has a status of its own there too.
"""

from enum import Enum

GRAPHQL_RESPONSE = "application/graphql-response+json"
LEGACY = "application/json"


class Outcome(Enum):
    """What has become of a request, each with its status for GRAPHQL_RESPONSE and for LEGACY."""

    ANSWERED = 200, 200, "there is `data`, maybe in part"
    DOCUMENT = 400, 200, "the document, the operation's name or the variables do not fit the schema"
    MALFORMED = 400, 400, "not a GraphQL request, or an operation that is never served this way"
    UNAUTHENTICATED = 401, 401, "the token is not, or no longer, good"
    FORBIDDEN = 403, 403, "not allowed"
    MISSING = 404, 404, "what was asked for by itself is not there, or not for the client to see"
    METHOD = 405, 405, "the operation or the path is not served by this HTTP method"
    NOT_ACCEPTABLE = 406, 406, "no media type that the client accepts can be given"
    SLOW_BODY = 408, 408, "the body did not arrive in time"
    TOO_LARGE = 413, 413, "the body is too large"
    MEDIA_TYPE = 415, 415, "the body is not JSON in UTF-8"
    RATE_LIMITED = 429, 429, "too much at once; `retry-after` says when to come back"
    FAULT = 500, 500, "something of ours failed"
    UNAVAILABLE = 503, 503, "the database is away; `retry-after` says when to come back"
    TIMED_OUT = 504, 200, "the operation took too long and was stopped"

    def __init__(self, modern: int, legacy: int, _: str) -> None:
        self.modern = modern
        self.legacy = legacy

    def status(self, media_type: str) -> int:
        return self.modern if media_type == GRAPHQL_RESPONSE else self.legacy
