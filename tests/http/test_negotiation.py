"""Which media type an answer has, and what that means for its status."""

import pytest

from app.negotiation import negotiate
from app.status import Outcome
from tests.http.conftest import GRAPHQL, Api, only_error

JSON = "application/json"


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, JSON),
        ("", JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        (JSON, JSON),
        (GRAPHQL, GRAPHQL),
        (GRAPHQL.upper(), GRAPHQL),
        (f"{JSON}, {GRAPHQL}", GRAPHQL),
        (f"{GRAPHQL}, {JSON};q=0.9", GRAPHQL),
        (f"{GRAPHQL};q=0.5, {JSON}", JSON),
        (f"{GRAPHQL};q=0.5, */*", JSON),
        (f"{JSON}; charset=utf-8; q=0.2, text/html;q=0.9", JSON),
        (f"{JSON};q=0, */*", GRAPHQL),
        (f"{GRAPHQL};q=0, */*", JSON),
        (f"{GRAPHQL}, application/graphql+json, {JSON}, text/event-stream, multipart/mixed", GRAPHQL),
        ("text/html, */*;q=0.1", JSON),
        ("text/xml", None),
        ("text/event-stream", None),
        ("multipart/mixed;deferSpec=20220824", None),
        (f"{JSON};q=0", None),
        (f"{JSON};q=lots", None),
        (f"{JSON};q=0, {GRAPHQL};q=0, */*", None),
    ],
)
def test_choice(accept: str | None, expected: str | None) -> None:
    assert negotiate(accept) == expected


async def test_a_client_that_accepts_neither_type_gets_406_in_json(api: Api) -> None:
    response = await api.post('mutation { note(text: "xml") }', accept="text/xml")

    assert response.status_code == 406
    assert response.headers["content-type"] == f"{JSON}; charset=utf-8"
    assert only_error(response)[0] == "BAD_USER_INPUT"


async def test_a_deferred_fragment_is_answered_in_one_json_document(api: Api) -> None:
    response = await api.post('{ ... @defer { echo(text: "x") } }', accept=JSON)

    assert response.headers["content-type"] == f"{JSON}; charset=utf-8"
    assert only_error(response) == ("GRAPHQL_VALIDATION_FAILED", "Unknown directive '@defer'.")


@pytest.mark.parametrize(
    ("query", "variables", "code"),
    [
        ("{", {}, "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", {}, "GRAPHQL_VALIDATION_FAILED"),
        ("query A { __typename } query B { __typename }", {}, "OPERATION_RESOLUTION_FAILURE"),
        ("query($text: String!) { echo(text: $text) }", {"text": None}, "BAD_USER_INPUT"),
    ],
)
@pytest.mark.parametrize(("accept", "status"), [(GRAPHQL, 400), (JSON, 200), ("*/*", 200)])
async def test_request_errors(
    api: Api, query: str, variables: dict[str, object], code: str, accept: str, status: int
) -> None:
    response = await api.post(query, accept, variables=variables)

    assert response.status_code == status
    assert only_error(response)[0] == code


@pytest.mark.parametrize("accept", [GRAPHQL, JSON])
async def test_errors_of_fields_leave_the_status_alone(api: Api, accept: str) -> None:
    part = await api.post("{ fault __typename }", accept)
    nothing = await api.post("{ requiredFault }", accept)

    assert (part.status_code, part.json()["data"]) == (200, {"fault": None, "__typename": "Query"})
    assert (nothing.status_code, nothing.json()["data"]) == (200, None)


def test_the_modern_status_is_never_below_the_legacy_one() -> None:
    for outcome in Outcome:
        assert outcome.status(GRAPHQL) >= outcome.status(JSON)
        assert (outcome.status(GRAPHQL) < 300) == (outcome is Outcome.ANSWERED)
