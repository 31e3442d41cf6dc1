"""The explorer's page and assets over HTTP, from a folder as the build leaves it."""

import gzip
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from app.explorer_routes import POLICY, explorer_routes

SCRIPT = b"console.info('explorer');"


@pytest.fixture
def built(tmp_path: Path) -> Path:
    assets = tmp_path / "dist" / "assets"
    assets.mkdir(parents=True)
    (tmp_path / "secret.js").write_text("secret")
    (assets.parent / "index.html").write_text("<!doctype html><title>explorer</title>")
    (assets / "index-1a.js").write_bytes(SCRIPT)
    (assets / "index-1a.js.gz").write_bytes(gzip.compress(SCRIPT))
    (assets / "font-1a.ttf").write_bytes(b"font")
    (assets / "notes.txt").write_text("not for serving")
    return assets.parent


@pytest.fixture
async def client(built: Path) -> AsyncIterator[httpx.AsyncClient]:
    app = Starlette(routes=explorer_routes(built))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://school.test") as client:
        yield client


@pytest.mark.parametrize("path", ["/graphiql", "/graphiql/"])
async def test_the_page(client: httpx.AsyncClient, path: str) -> None:
    response = await client.get(path)
    assert response.status_code == 200
    assert response.text == "<!doctype html><title>explorer</title>"
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert response.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("path", ["/graphiql", "/graphiql/assets/index-1a.js"])
async def test_nothing_but_the_own_origin_is_allowed(client: httpx.AsyncClient, path: str) -> None:
    headers = (await client.get(path)).headers
    assert headers["content-security-policy"] == POLICY
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    directives = dict(part.split(" ", 1) for part in POLICY.split("; "))
    assert directives["default-src"] == "'none'"
    assert directives["script-src"] == directives["connect-src"] == directives["worker-src"] == "'self'"
    assert directives["frame-ancestors"] == "'none'"
    assert {word for value in directives.values() for word in value.split()} == {
        "'none'",
        "'self'",
        "'unsafe-inline'",
        "data:",
    }
    assert [name for name, value in directives.items() if "unsafe" in value] == ["style-src"]


@pytest.mark.parametrize(
    ("name", "media_type"),
    [("index-1a.js", "text/javascript; charset=utf-8"), ("font-1a.ttf", "font/ttf")],
)
async def test_an_asset_is_kept_for_ever(client: httpx.AsyncClient, name: str, media_type: str) -> None:
    response = await client.get(f"/graphiql/assets/{name}")
    assert response.status_code == 200
    assert response.headers["content-type"] == media_type
    assert response.headers["cache-control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize(("accepted", "encoding"), [("gzip, br", "gzip"), ("identity", None)])
async def test_an_asset_is_compressed_where_that_is_accepted(
    client: httpx.AsyncClient, accepted: str, encoding: str | None
) -> None:
    response = await client.get("/graphiql/assets/index-1a.js", headers={"accept-encoding": accepted})
    assert response.content == SCRIPT
    assert response.headers.get("content-encoding") == encoding
    assert response.headers["vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    "name",
    [
        "absent-1a.js",
        "notes.txt",
        "index-1a.js.gz",
        "%2e%2e",
        "..%2findex.html",
        "..%2f..%2fsecret.js",
        "%2e%2e%2f%2e%2e%2fsecret.js",
    ],
)
async def test_what_is_no_asset_is_not_found(client: httpx.AsyncClient, name: str) -> None:
    response = await client.get(f"/graphiql/assets/{name}")
    assert response.status_code == 404


async def test_the_page_says_what_to_do_before_the_first_build(tmp_path: Path) -> None:
    app = Starlette(routes=explorer_routes(tmp_path / "dist"))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://school.test") as client:
        response = await client.get("/graphiql")
    assert response.status_code == 503
    assert "make explorer" in response.text
    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    assert response.headers["cache-control"] == "no-store"
