"""`/metrics`: who reads it, what it counts, and that no label is a word of a client's."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from app.metrics import CODES, KINDS, OTHER
from app.settings import Settings, SettingsError
from resolvers.trail.alarms import AlarmKind
from tests.http.conftest import BASE, Api, client_of
from tests.http.sample import sample_app
from tests.http.school import PASSWORD, Served, bearer, sign_in

TOKEN = "a-token-of-twenty-characters-or-more"
OURS = {
    "schoolgraph_requests",
    "schoolgraph_request_seconds",
    "schoolgraph_statements",
    "schoolgraph_errors",
    "schoolgraph_alarms",
    "schoolgraph_refusals",
    "schoolgraph_failed_sign_ins",
    "schoolgraph_trail_rows",
    "schoolgraph_trail_failures",
}


def samples(text: str) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def from_address(address: str, **settings: Any) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(sample_app(**settings), client=(address, 50000))
    return httpx.AsyncClient(transport=transport, base_url=BASE)


@pytest.fixture
async def api() -> AsyncIterator[Api]:
    async with client_of(sample_app()) as client:
        yield Api(client)


async def read(api: Api) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    response = await api.client.get("/metrics")
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert response.headers["cache-control"] == "no-store"
    return samples(response.text)


def grown(
    before: dict[tuple[str, frozenset[tuple[str, str]]], float],
    after: dict[tuple[str, frozenset[tuple[str, str]]], float],
) -> Iterator[tuple[str, dict[str, str], float]]:
    for (name, labels), value in after.items():
        if value != before.get((name, labels), 0) and "_bucket" not in name and not name.endswith("_sum"):
            yield name, dict(labels), value - before.get((name, labels), 0)


async def test_requests_are_counted_by_type_status_and_code(api: Api) -> None:
    before = await read(api)
    await api.post("{ __typename }")
    await api.post("query Asha { person { name } }")
    await api.post("{ nothing }")
    await api.post('{ problem(code: "CONFLICT") }')
    await api.raw(b"{")
    found = list(grown(before, await read(api)))
    assert ("schoolgraph_requests_total", {"type": "query", "status": "200"}, 3) in found
    assert ("schoolgraph_requests_total", {"type": "none", "status": "400"}, 2) in found
    assert ("schoolgraph_request_seconds_count", {"type": "query"}, 3) in found
    assert ("schoolgraph_errors_total", {"code": "GRAPHQL_VALIDATION_FAILED"}, 1) in found
    assert ("schoolgraph_errors_total", {"code": "CONFLICT"}, 1) in found
    assert ("schoolgraph_errors_total", {"code": "BAD_USER_INPUT"}, 1) in found
    assert len(found) == 7


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.9.1", "::1"])
async def test_programs_on_the_machine_read_it(address: str) -> None:
    async with from_address(address) as client:
        assert (await client.get("/metrics")).status_code == 200


@pytest.mark.parametrize("address", ["192.0.2.1", "10.0.0.5", "2001:db8::1", "", "unix"])
async def test_from_elsewhere_nobody_reads_it(address: str) -> None:
    async with from_address(address) as client:
        response = await client.get("/metrics", headers=bearer(TOKEN))
    assert response.status_code == 403
    assert response.json()["errors"][0]["extensions"] == {"code": "FORBIDDEN"}
    assert "schoolgraph_requests" not in response.text


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via", "X-Forwarded-Host"])
async def test_what_a_proxy_passes_on_is_not_from_this_machine(header: str) -> None:
    async with from_address("127.0.0.1") as client:
        assert (await client.get("/metrics", headers={header: "127.0.0.1"})).status_code == 403


async def test_a_token_opens_it_from_everywhere_and_is_needed_everywhere() -> None:
    for address in ("127.0.0.1", "192.0.2.1"):
        async with from_address(address, metrics_token=TOKEN) as client:
            assert (await client.get("/metrics", headers=bearer(TOKEN))).status_code == 200
            for wrong in ({}, bearer(TOKEN[:-1]), bearer(TOKEN + "x"), bearer("ä" * 20), {"authorization": TOKEN}):
                refused = await client.get(
                    "/metrics", headers=[(name.encode(), value.encode()) for name, value in wrong.items()]
                )
                assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer")
                assert "schoolgraph_requests" not in refused.text
                assert TOKEN not in refused.text


@pytest.mark.parametrize("token", ["short", "x" * 19, "a token with spaces in it", "ä" * 20])
def test_a_weak_token_stops_the_start_and_is_not_shown(token: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings(metrics_token=token)
    assert str(caught.value).startswith("SCHOOLGRAPH_METRICS_TOKEN: ")
    assert token not in str(caught.value)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
async def test_it_is_only_read(api: Api, method: str) -> None:
    assert (await api.client.request(method, "/metrics")).status_code == 405


async def test_no_label_is_a_clients_word(served: Served) -> None:
    """Names of operations, codes, accounts and schools: whatever is sent, labels are of the lists."""
    async with client_of(served.app()) as client:
        api = Api(client)
        token = await sign_in(api)
        await sign_in(api, "wrong")
        for document in (
            "query Mallory { students { nodes { id fullName } } }",
            'mutation Mallory { retireUser(input: {id: "usr_987654321", version: 1}) { errors { code } } }',
            "subscription Mallory { nothing }",
            "{ mallory }",
        ):
            await api.post(document, headers=bearer(token) | {"x-request-id": "mallory", "user-agent": "mallory"})
        await served.database.flusher.close()
        text = (await client.get("/metrics")).text
    families = {family.name: family for family in text_string_to_metric_families(text)}
    assert families.keys() == OURS
    allowed = {
        "type": set(KINDS),
        "code": CODES | {OTHER},
        "alarm": {kind.value for kind in AlarmKind},
        "status": {str(status) for status in (0, 200, 400, 401, 403, 405, 406, 408, 413, 415, 429, 500, 503, 504)},
        "le": {
            sample.labels["le"] for sample in families["schoolgraph_request_seconds"].samples if "le" in sample.labels
        },
    }
    for family in families.values():
        for sample in family.samples:
            for name, value in sample.labels.items():
                assert value in allowed[name], sample
    assert len(allowed["le"]) == 15
    for private in ("mallory", "asha", "GAMMA", "STU-1", "987654321", PASSWORD, str(token)):
        assert private.lower() not in text.lower()
    assert {sample.labels["alarm"] for sample in families["schoolgraph_alarms"].samples} == allowed["alarm"]
