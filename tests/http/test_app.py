"""What surrounds the endpoint: health, other origins, errors elsewhere, workers."""

import httpx
import pytest

from app.main import create_app, worker
from app.settings import Settings, SettingsError
from tests.http.conftest import BASE, Api, client_of, limited
from tests.http.sample import NoDatabase, sample_app

ORIGIN = "https://app.example.org"


class Unreachable(NoDatabase):
    async def ping(self) -> None:
        raise ConnectionRefusedError("nobody listens at /var/run/private")


async def test_health(api: Api) -> None:
    for path in ("/livez", "/readyz"):
        response = await api.client.get(path)
        assert (response.status_code, response.json()) == (200, {"status": "ok"})
        assert response.headers["cache-control"] == "no-store"


async def test_without_its_database_the_process_lives_and_is_not_ready() -> None:
    async with client_of(sample_app(Unreachable())) as client:
        live, ready = await client.get("/livez"), await client.get("/readyz")

    assert live.status_code == 200
    assert ready.status_code == 503
    assert ready.json() == {"status": "the database does not answer"}


async def test_other_origins_are_not_let_in(api: Api) -> None:
    response = await api.post("{ __typename }", headers={"origin": ORIGIN})
    preflight = await api.client.options(
        "/graphql", headers={"origin": ORIGIN, "access-control-request-method": "POST"}
    )

    assert preflight.status_code == 405
    for answer in (response, preflight):
        assert not [name for name in answer.headers if name.startswith("access-control")]


async def test_an_origin_that_is_named_is_let_in() -> None:
    asked = {"access-control-request-method": "POST", "access-control-request-headers": "authorization,content-type"}
    async with limited(cors_origins=(ORIGIN,)) as api:
        preflight = await api.client.options("/graphql", headers={"origin": ORIGIN, **asked})
        response = await api.post("{ __typename }", headers={"origin": ORIGIN})
        stranger = await api.post("{ __typename }", headers={"origin": "https://elsewhere.example.org"})

    assert preflight.status_code == 200
    assert preflight.headers["access-control-allow-origin"] == ORIGIN
    assert response.headers["access-control-allow-origin"] == ORIGIN
    exposed = "x-request-id, retry-after, content-disposition, x-redacted-columns"
    assert response.headers["access-control-expose-headers"] == exposed
    assert response.headers["access-control-allow-credentials"] == "true"
    assert response.headers["vary"] == "Accept, Origin"
    assert "access-control-allow-origin" not in stranger.headers


async def test_whoever_is_not_named_is_let_in_as_a_stranger() -> None:
    """A page of any origin may then ask, and never as somebody whose browser keeps a session."""
    async with limited(cors_origins=("*",)) as api:
        response = await api.post("{ __typename }", headers={"origin": ORIGIN, "cookie": "x=y"})

    assert response.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in response.headers


@pytest.mark.parametrize("path", ["/graphql", "/livez", "/nowhere"])
@pytest.mark.parametrize("origin", [ORIGIN, "https://stranger.example"])
async def test_all_that_is_answered_has_one_id(path: str, origin: str) -> None:
    """What is answered for the endpoint, too: a browser's question whether it may ask."""
    asking = {"origin": origin, "access-control-request-method": "POST", "x-request-id": "r-1"}
    async with limited(cors_origins=(ORIGIN,)) as api:
        asked = await api.client.options(path, headers=asking)
        answered = await api.client.get(path, headers={"origin": origin, "x-request-id": "r-2"})

    assert asked.headers.get_list("x-request-id") == ["r-1"]
    assert answered.headers.get_list("x-request-id") == ["r-2"]


async def test_the_explorer_is_a_path_of_its_own(api: Api) -> None:
    explorer = await api.client.get("/graphiql", headers={"accept": "text/html"})
    endpoint = await api.client.get("/graphql", headers={"accept": "text/html,*/*;q=0.8"})

    assert explorer.headers["content-type"].startswith("text/")
    assert endpoint.headers["content-type"].startswith("application/json")


async def test_the_application_serves_the_schools_schema_unless_told_otherwise() -> None:
    async with client_of(create_app(Settings(), NoDatabase())) as client:
        response = await Api(client).post('{ __type(name: "Student") { kind } }')

    assert response.json() == {"data": {"__type": {"kind": "OBJECT"}}}


def test_a_worker_must_be_given_its_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)

    with pytest.raises(SettingsError, match=r"^DATABASE_URL: "):
        worker()


@pytest.mark.parametrize(
    ("root", "path", "status"),
    [("", "/graphql", 200), ("/school", "/school/graphql", 200), ("/graphql", "/graphql", 404), ("", "/graphql/", 404)],
)
async def test_the_api_has_one_path_wherever_the_server_is(root: str, path: str, status: int) -> None:
    transport = httpx.ASGITransport(sample_app(NoDatabase()), root_path=root)
    async with httpx.AsyncClient(transport=transport, base_url=BASE) as client:
        response = await client.post(path, json={"query": "{ __typename }"})

    assert response.status_code == status
