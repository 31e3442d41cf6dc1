"""What scanners of GraphQL servers try: each finds the safe behaviour."""

import orjson
import pytest
from graphql import get_introspection_query

from tests.http import sample
from tests.http.conftest import Api, only_error


async def test_a_hundred_and_one_aliases(api: Api) -> None:
    query = "{ " + " ".join(f"alias{number}: __typename" for number in range(101)) + " }"

    response = await api.post(query, accept="*/*")

    assert only_error(response)[0] == "GRAPHQL_VALIDATION_FAILED"


async def test_a_batch_of_ten(api: Api) -> None:
    response = await api.raw(orjson.dumps([{"query": "{ __typename }"}] * 10), accept="*/*")

    assert response.status_code == 400
    assert "data" not in response.json()


async def test_circular_introspection(api: Api) -> None:
    levels = 4
    query = "{ __schema { types { " + "fields { type { " * levels + "name " + "} } " * levels + "} } }"

    response = await api.post(query, accept="*/*")

    assert only_error(response)[0] == "GRAPHQL_VALIDATION_FAILED"


async def test_ten_unknown_directives_on_one_field_are_one_error(api: Api) -> None:
    response = await api.post("{ __typename " + "@aa" * 10 + " }", accept="*/*")

    assert only_error(response)[0] == "GRAPHQL_VALIDATION_FAILED"


async def test_five_hundred_times_the_same_field(api: Api) -> None:
    at_the_root = await api.post("{ " + "__typename " * 500 + "}", accept="*/*")
    inside = await api.post("{ person { " + "name " * 500 + "} }", accept="*/*")

    assert only_error(at_the_root)[0] == "GRAPHQL_VALIDATION_FAILED"
    assert inside.json() == {"data": {"person": {"name": "Asha"}}}


async def test_suggestions(api: Api) -> None:
    response = await api.post("{ __schema { directive } }", accept="*/*")

    assert only_error(response)[0] == "GRAPHQL_VALIDATION_FAILED"
    assert "directives" not in response.text


async def test_introspection_is_open_and_needs_no_account(api: Api) -> None:
    response = await api.post(get_introspection_query(), accept="*/*")

    assert response.json()["data"]["__schema"]["types"]


@pytest.mark.parametrize("accept", ["text/html", "text/html,application/xhtml+xml,*/*;q=0.8", "*/*"])
async def test_no_page_at_the_endpoint(api: Api, accept: str) -> None:
    response = await api.client.get("/graphql", headers={"accept": accept})

    assert response.status_code in {400, 406}
    assert "html" not in response.text.lower()


async def test_a_query_by_get_from_a_foreign_page(api: Api) -> None:
    response = await api.get(preflight=False, accept="*/*", query="query cop { __typename }")

    assert response.status_code == 400
    assert "data" not in response.json()


async def test_a_mutation_by_get(api: Api) -> None:
    for preflight in (False, True):
        response = await api.get(preflight=preflight, accept="*/*", query='mutation cop { note(text: "cop") }')
        assert response.status_code in {400, 405}
    assert "cop" not in sample.notes


async def test_a_form(api: Api) -> None:
    headers = {"content-type": "application/x-www-form-urlencoded"}
    response = await api.client.post("/graphql", content="query=query+cop+%7B__typename%7D", headers=headers)

    assert response.status_code == 415
    assert "data" not in response.json()


async def test_no_tracing(api: Api) -> None:
    response = await api.post("query cop { __typename }", accept="*/*")

    assert response.json() == {"data": {"__typename": "Query"}}


async def test_no_details_of_an_exception(api: Api) -> None:
    response = await api.post("queryy cop { __typename }", accept="*/*")

    (error,) = response.json()["errors"]
    assert error["extensions"] == {"code": "GRAPHQL_PARSE_FAILED"}
    for detail in ("exception", "stacktrace", "traceback", ".py"):
        assert detail not in response.text.lower()
