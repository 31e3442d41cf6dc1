"""A school that takes files, with a schema of its own that says what it gets."""

import contextlib
import hashlib
from collections.abc import AsyncIterator, Mapping
from typing import Any

import httpx
import orjson
import strawberry
from sqlalchemy import update
from strawberry.schema.config import StrawberryConfig

from app.main import create_app
from app.owner import owner_session
from app.settings import Settings
from app.urls import Urls
from models import ConfigurationSetting
from resolvers.upload import Upload
from schema.scalars import SCALARS
from tests.database import copy, drop
from tests.http.conftest import BASE, Api
from tests.http.school import Served, bearer, fill, serving, sign_in

MEGABYTE = 1024 * 1024
PREFLIGHT = {"graphql-require-preflight": "1"}
ONE = "mutation($file: Upload!) { measure(files: [$file]) }"
SEVERAL = "mutation($files: [Upload!]!) { measure(files: $files) }"
BOUNDARY = "f0"
opened: list[Upload] = []


@strawberry.type
class Query:
    here: bool = True


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def measure(self, files: list[Upload]) -> list[str]:
        """Name, size and hash of each, as its content has them, read twice."""
        opened.extend(files)
        contents = [await each.read() for each in files]
        assert contents == [await each.read() for each in files]
        assert [hashlib.sha256(content).digest() for content in contents] == [each.sha256 for each in files]
        return [f"{each.name} {each.size} {content[:4]!r}" for each, content in zip(files, contents, strict=True)]


class Sender:
    """A client of a school whose setting MAX_FILE_UPLOAD_MB is 1."""

    def __init__(self, client: httpx.AsyncClient, token: str, served: Served) -> None:
        self.client = client
        self.signed_in = bearer(token) | PREFLIGHT
        self.served = served

    async def send(self, parts: list[tuple[str, Any]], headers: Mapping[str, str] | None = None) -> httpx.Response:
        """Parts by name, each a text or a pair of file name and content."""
        files = [(name, (None, part) if isinstance(part, str) else part) for name, part in parts]
        return await self.client.post("/graphql", files=files, headers=self.signed_in if headers is None else headers)

    async def form(self, body: bytes, boundary: str = BOUNDARY) -> httpx.Response:
        headers = self.signed_in | {"content-type": f"multipart/form-data; boundary={boundary}"}
        return await self.client.post("/graphql", content=body, headers=headers)


def parts_of(document: str, variables: Any, places: Any, **files: tuple[str, bytes]) -> list[tuple[str, Any]]:
    operations = orjson.dumps({"query": document, "variables": variables}).decode()
    return [("operations", operations), ("map", orjson.dumps(places).decode()), *files.items()]


def one(content: bytes, name: str = "asha.png") -> list[tuple[str, Any]]:
    return parts_of(ONE, {"file": None}, {"photo": ["variables.file"]}, photo=(name, content))


@contextlib.asynccontextmanager
async def uploading(server: Urls) -> AsyncIterator[Sender]:
    """A committed school, until the end of the block."""
    urls = await copy(server, "suite_uploads")
    await fill(urls)
    async with owner_session(urls) as session:
        setting = ConfigurationSetting
        await session.execute(update(setting).where(setting.key == "MAX_FILE_UPLOAD_MB").values(value="1"))
    config = StrawberryConfig(scalar_map=SCALARS)
    schema = strawberry.Schema(query=Query, mutation=Mutation, config=config)
    async with serving(urls) as served:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(served.app()), base_url=BASE) as client:
            token = await sign_in(Api(client))
        assert token is not None
        app = create_app(Settings(max_files=3, max_body_bytes=20_000), served.database, schema=schema)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=BASE) as client:
            yield Sender(client, token, served)
    await drop(server, "suite_uploads")
