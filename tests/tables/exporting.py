"""The application over the test's own connections, asked by viewers who have signed in already."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
import orjson
from starlette.applications import Starlette

from app.main import create_app
from app.settings import Settings
from resolvers.client import Client
from resolvers.context import Connections, Context
from resolvers.errors import Unauthenticated
from resolvers.trail.notes import Access, Exported, Note
from resolvers.viewer import Viewer
from tests.answers import NOW, PLANNING
from tests.http.conftest import client_of
from tests.sealing import SERVICES


class Apart:
    """Connections whose notes are kept here: what is exported from a school that tests share adds nothing to it."""

    def __init__(self, connections: Connections) -> None:
        self.connections = connections
        self.read = connections.read
        self.write = connections.write
        self.room = connections.room
        self.notes: list[Note] = []

    def note(self, note: Note) -> None:
        self.notes.append(note)

    def students(self) -> list[frozenset[int]]:
        """Whose records were read, in each note of the access log."""
        return [note.students for note in self.notes if isinstance(note, Access)]

    def exports(self) -> list[Exported]:
        return [note for note in self.notes if isinstance(note, Exported)]


@dataclass
class Door:
    """Contexts over `connections` for `viewers` by token; `contexts` are those that were given out."""

    connections: Apart
    viewers: Mapping[str, Viewer]
    contexts: list[Context] = field(default_factory=list)

    async def ping(self) -> None:
        return None

    async def viewer(self, token: str, address: str | None = None) -> Viewer:
        if token not in self.viewers:
            raise Unauthenticated("The session or key does not exist or has ended: sign in again")
        return self.viewers[token]

    def context(
        self, viewer: Viewer | None, *, request_id: str, timeout: float, client: Client | None = None
    ) -> Context:
        context = Context(
            self.connections,
            viewer,
            now=NOW,
            timeout=timeout,
            request_id=request_id,
            services=SERVICES,
            planning=PLANNING,
            client=client,
        )
        self.contexts.append(context)
        return context


class Asker:
    """Asks /export and /graphql as one of the viewers."""

    def __init__(self, door: Door, **settings: Any) -> None:
        self.door = door
        self.app: Starlette = create_app(Settings(**settings), door)

    async def export(self, query: str, token: str = "admin", **options: Any) -> httpx.Response:
        async with client_of(self.app) as client:
            headers = {"authorization": f"Bearer {token}"}
            return await client.post("/export", json={"query": query, **options}, headers=headers)

    async def graphql(self, query: str, token: str = "admin", **variables: Any) -> Any:
        async with client_of(self.app) as client:
            headers = {"authorization": f"Bearer {token}"}
            answer = await client.post("/graphql", json={"query": query, "variables": variables}, headers=headers)
            return answer.json()

    async def table(self, query: str, token: str = "admin", **options: Any) -> list[list[str]]:
        return table_of(await self.export(query, token, **options))

    async def lines(self, query: str, token: str = "admin", **options: Any) -> list[Any]:
        answer = await self.export(query, token, format="ndjson", **options)
        assert answer.status_code == 200, answer.text
        return [orjson.loads(line) for line in answer.content.splitlines()]

    async def refusal(self, query: str, token: str = "admin", **options: Any) -> tuple[int, str, str]:
        """Status, code and message of an export that is refused before its first byte."""
        answer = await self.export(query, token, **options)
        (error,) = answer.json()["errors"]
        return answer.status_code, error["extensions"]["code"], error["message"]

    @property
    def statements(self) -> int:
        """Of the last operation."""
        return self.door.contexts[-1].statements


def table_of(answer: httpx.Response, delimiter: str = ",") -> list[list[str]]:
    """The header and the rows of a CSV file, as the standard library reads them."""
    assert answer.status_code == 200, answer.text
    return list(csv.reader(io.StringIO(answer.content.decode(), newline=""), delimiter=delimiter, strict=True))


def column(table: Sequence[Sequence[str]], name: str) -> list[str]:
    place = table[0].index(name)
    return [row[place] for row in table[1:]]
