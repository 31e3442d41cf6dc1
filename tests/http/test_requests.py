"""What is not a GraphQL request is answered in JSON, with a status and a code, and never with a fault of ours."""

from collections.abc import AsyncIterator

import orjson
import pytest

from tests.http.conftest import GRAPHQL, Api, limited, only_error


async def test_a_query(api: Api) -> None:
    response = await api.post("query Hi($text: String!) { echo(text: $text) }", variables={"text": "Grüße"})

    assert response.status_code == 200
    assert response.headers["content-type"] == f"{GRAPHQL}; charset=utf-8"
    assert response.headers["cache-control"] == "no-store"
    assert response.json() == {"data": {"echo": "Grüße"}}


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b'"x"', "The request must be a JSON object, not a string"),
        (b"5", "The request must be a JSON object, not a number"),
        (b"1.5", "The request must be a JSON object, not a number"),
        (b"true", "The request must be a JSON object, not a boolean"),
        (b"null", "The request must be a JSON object, not null"),
        (b"{}", "`query` is missing: it must be the text of a GraphQL document"),
        (b'{"query": null}', "`query` is missing: it must be the text of a GraphQL document"),
        (b'{"query": 7}', "`query` must be a string, not a number"),
        (b'{"query": ["{ me }"]}', "`query` must be a string, not a list"),
        (b'{"query": "{ me }", "operationName": {}}', "`operationName` must be a string, not an object"),
        (b'{"query": "{ me }", "variables": "x"}', "`variables` must be an object, not a string"),
        (b'{"query": "{ me }", "variables": []}', "`variables` must be an object, not a list"),
        (b'{"query": "{ me }", "extensions": false}', "`extensions` must be an object, not a boolean"),
        (
            b'{"query": "{ me }", "variables": {"text": ["a\\u0000b"]}}',
            "`variables` contains the character U+0000, which cannot be stored",
        ),
        (
            b'{"query": "{ me }", "variables": {"a\\u0000b": 1}}',
            "`variables` contains the character U+0000, which cannot be stored",
        ),
    ],
)
@pytest.mark.parametrize("accept", [GRAPHQL, "application/json"])
async def test_not_a_graphql_request(api: Api, body: bytes, message: str, accept: str) -> None:
    response = await api.raw(body, accept)

    assert response.status_code == 400
    assert only_error(response) == ("BAD_USER_INPUT", message)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b'{ "not a JSON',
        b"[" * 100_000,
        b'{"a":' * 40_000,
        b'{"query": "\xff"}',
        b'{"query": "\\ud800"}',
        b"query=x",
    ],
)
async def test_not_json(api: Api, body: bytes) -> None:
    response = await api.raw(body)

    assert response.status_code == 400
    code, message = only_error(response)
    assert code == "BAD_USER_INPUT"
    assert message.startswith("The body is not JSON: ")


@pytest.mark.parametrize("body", [b"[]", b'[{"query": "{ me }"}]', orjson.dumps([{"query": "{ me }"}] * 10)])
async def test_batches_are_refused(api: Api, body: bytes) -> None:
    response = await api.raw(body)

    assert response.status_code == 400
    assert only_error(response)[1].startswith("Several operations in one request are not accepted")


async def test_variables_may_be_nested_so_deep_and_no_deeper(api: Api) -> None:
    async def nested(levels: int, innermost: bytes = b'"x"') -> tuple[int, bytes]:
        variables = b'{"text": ' + b"[" * (levels - 2) + innermost + b"]" * (levels - 2) + b"}"
        response = await api.raw(b'{"query": "query($text: String) { __typename }", "variables": ' + variables + b"}")
        return response.status_code, response.content

    for innermost in (b'"x"', b"[]", b"{}"):
        assert b"nested more than" not in (await nested(50, innermost))[1]
    status, content = await nested(51)
    assert status == 400
    assert b"`variables` is nested more than 50 levels deep" in content


async def test_body_of_exactly_the_limit() -> None:
    body = orjson.dumps({"query": "{ __typename }"})
    async with limited(max_body_bytes=len(body)) as api:
        assert (await api.raw(body)).json() == {"data": {"__typename": "Query"}}

        response = await api.raw(body + b" ")
        assert response.status_code == 413
        assert only_error(response)[1] == f"The body is larger than {len(body)} bytes, the most that is accepted"


async def test_body_without_an_announced_length_is_counted() -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(1000):
            sent.append(1)
            yield b" " * 100

    sent: list[int] = []
    async with limited(max_body_bytes=1000) as api:
        headers = {"content-type": "application/json"}
        response = await api.client.post("/graphql", content=chunks(), headers=headers)

    assert response.status_code == 413
    assert len(sent) == 11


@pytest.mark.parametrize(
    "content_type",
    ["", "text/plain", "application/x-www-form-urlencoded", "multipart/mixed; boundary=x", "application/jsonp"],
)
async def test_only_json_is_read(api: Api, content_type: str) -> None:
    response = await api.raw(b'{"query": "mutation { note(text: \\"form\\") }"}', content_type=content_type)

    assert response.status_code == 415
    assert only_error(response)[0] == "BAD_USER_INPUT"


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("application/json; charset=utf-8", 200),
        ('Application/JSON; Charset="UTF-8"', 200),
        ("application/json; charset=latin-1", 415),
        ("application/json; charset=utf-16", 415),
    ],
)
async def test_only_utf_8_is_read(api: Api, content_type: str, status: int) -> None:
    assert (await api.raw(b'{"query": "{ __typename }"}', content_type=content_type)).status_code == status


async def test_compressed_bodies_are_refused(api: Api) -> None:
    response = await api.raw(b"\x1f\x8b", content_encoding="gzip")

    assert response.status_code == 415
    assert "`gzip`" in only_error(response)[1]
