"""Which HTTP method serves which operation, and at which path."""

import orjson
import pytest

from tests.http import sample
from tests.http.conftest import GRAPHQL, Api, only_error

JSON = "application/json"


async def test_a_query_by_get(api: Api) -> None:
    response = await api.get(
        query="query A($text: String!) { echo(text: $text) } query B { __typename }",
        variables='{"text": "a b"}',
        extensions="{}",
        operationName="A",
    )

    assert response.status_code == 200
    assert response.json() == {"data": {"echo": "a b"}}


@pytest.mark.parametrize("accept", [GRAPHQL, JSON, "*/*", "text/html"])
async def test_a_get_that_any_page_could_send_is_refused(api: Api, accept: str) -> None:
    response = await api.get(preflight=False, accept=accept, query="{ __typename }")

    assert response.status_code == (406 if accept == "text/html" else 400)
    assert only_error(response)[0] == "BAD_USER_INPUT"


@pytest.mark.parametrize("name", ["variables", "extensions"])
@pytest.mark.parametrize(
    ("value", "message"), [("{", "`{}` is not JSON: "), ("[]", "`{}` must be an object, not a list")]
)
async def test_malformed_parameters(api: Api, name: str, value: str, message: str) -> None:
    response = await api.get_parameters({"query": "{ __typename }", name: value})

    assert response.status_code == 400
    assert only_error(response)[1].startswith(message.replace("{}", name))


@pytest.mark.parametrize("accept", [GRAPHQL, JSON])
async def test_a_mutation_by_get_is_refused(api: Api, accept: str) -> None:
    response = await api.get(query='mutation { note(text: "by get") }', accept=accept)

    assert response.status_code == 405
    assert response.headers["allow"] == "POST"
    assert only_error(response)[0] == "OPERATION_RESOLUTION_FAILURE"
    assert "by get" not in sample.notes


async def test_the_operation_that_is_named_decides(api: Api) -> None:
    query = 'query Q { __typename } mutation M { note(text: "named by get") }'

    assert (await api.get(query=query, operationName="Q")).status_code == 200
    assert (await api.get(query=query, operationName="M")).status_code == 405
    assert "named by get" not in sample.notes


@pytest.mark.parametrize("accept", [GRAPHQL, JSON])
async def test_subscriptions_are_refused_plainly(api: Api, accept: str) -> None:
    by_post = await api.post("subscription { ticks }", accept)
    by_get = await api.get(query="subscription { ticks }", accept=accept)

    assert by_post.status_code == 400
    assert by_get.status_code == 405
    expected = ("OPERATION_RESOLUTION_FAILURE", "Subscriptions are not served over a single HTTP request")
    assert only_error(by_post) == only_error(by_get) == expected


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "QUERY"])
async def test_other_methods(api: Api, method: str) -> None:
    response = await api.client.request(method, "/graphql")

    assert response.status_code == 405
    assert response.headers["allow"] == "GET, POST"
    assert only_error(response) == ("BAD_USER_INPUT", f"{method} is not served here: use POST, or GET for queries")


async def test_post_to_the_path_is_not_redirected(api: Api) -> None:
    response = await api.post("{ __typename }")

    assert (response.status_code, response.history) == (200, [])


@pytest.mark.parametrize("path", ["/graphql/", "/graphql/x", "/", "/Graphql"])
async def test_other_paths_are_not_the_endpoint(api: Api, path: str) -> None:
    response = await api.client.post(path, json={"query": "{ __typename }"})

    assert response.status_code == 404
    assert only_error(response)[0] == "NOT_FOUND"


async def test_parameters_in_the_url_of_a_post_are_not_read(api: Api) -> None:
    body = orjson.dumps({"query": "{ __typename }"})
    response = await api.client.post(
        "/graphql?query={nothing}&operationName=X", content=body, headers={"content-type": JSON}
    )

    assert response.json() == {"data": {"__typename": "Query"}}
