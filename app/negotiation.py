"""Which of the two media types a client is answered in."""

from collections.abc import Iterator
from functools import lru_cache

from app.status import GRAPHQL_RESPONSE, LEGACY

# A named type counts more than a range, and of two named alike the standard's own type is the better one.
_PREFERENCE = (
    (GRAPHQL_RESPONSE, GRAPHQL_RESPONSE, 4),
    (LEGACY, LEGACY, 3),
    ("application/*", LEGACY, 2),
    ("*/*", LEGACY, 1),
)


@lru_cache(maxsize=128)
def negotiate(accept: str | None) -> str | None:
    """The media type for an Accept header; None where the client accepts neither. No header accepts everything."""
    if accept is None or not accept.strip():
        return LEGACY
    weights = dict(_weights(accept))
    refused = {name for name, weight in weights.items() if weight <= 0}
    found = [
        (weights[pattern], rank, answer)
        for pattern, answer, rank in _PREFERENCE
        if weights.get(pattern, 0) > 0 and answer not in refused
    ]
    if found:
        return max(found)[2]
    # `application/json;q=0, */*` still leaves the other type.
    open_to_all = any(weights.get(pattern, 0) > 0 for pattern in ("application/*", "*/*"))
    return GRAPHQL_RESPONSE if open_to_all and GRAPHQL_RESPONSE not in refused else None


def _weights(accept: str) -> Iterator[tuple[str, float]]:
    for part in accept.split(","):
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        weight = next((text[2:] for text in parameters if text.startswith("q=")), "1")
        try:
            yield name, float(weight)
        except ValueError:
            yield name, 0.0
