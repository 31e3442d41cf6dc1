"""A committed school with two students and a database over it, for what is written behind an answer."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg
import pytest

from app.database import Database
from app.owner import owner_session
from app.settings import Settings
from app.urls import Urls, asyncpg_url
from models import Role
from resolvers.context import Context
from resolvers.institution.institution import create_institution
from resolvers.viewer import Viewer
from tests import factories
from tests.answers import ENGINE, operation
from tests.database import copied, copy

ROWS = """SELECT student_id, actor_kind, actor_id, purpose, request_id FROM access_log, unnest(student_ids) student_id
          ORDER BY id, student_id"""
READ = "query Look($id: ID!) { student(id: $id) { fullName } }"


@dataclass
class Watched:
    """`students` are keys; `admin` is a connection that no policy restricts."""

    urls: Urls
    database: Database
    admin: "asyncpg.Connection[asyncpg.Record]"
    institution_id: int
    user_id: int
    students: list[int]

    @property
    def viewer(self) -> Viewer:
        return Viewer(self.user_id, self.institution_id, frozenset({Role.ADMIN}), ZoneInfo("Asia/Kolkata"), 0)

    async def read(self, document: str = READ, *, request_id: str = "r-1", **variables: Any) -> Context:
        """An operation from its opening to its end; READ is of the first student."""
        async with self.reading(document, request_id=request_id, **variables) as context:
            return context

    @contextlib.asynccontextmanager
    async def reading(
        self, document: str = READ, *, request_id: str = "r-1", **variables: Any
    ) -> AsyncIterator[Context]:
        """An operation that is answered and has not ended yet."""
        asked = variables or ({"id": f"stu_{self.students[0]}"} if document == READ else {})
        async with self.database.context(self.viewer, request_id=request_id, timeout=10) as context:
            result = await ENGINE.execute(operation(document), asked, context)
            assert not result.errors
            yield context

    async def rows(self) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in await self.admin.fetch(ROWS)]

    def row(self, student: int = 0, *, purpose: str | None = "Look", request_id: str = "r-1") -> tuple[Any, ...]:
        return (self.students[student], "USER", self.user_id, purpose, request_id)


@dataclass(frozen=True)
class Original:
    """A database with the school, of which each test has a copy."""

    name: str
    institution_id: int
    user_id: int
    students: list[int]


@pytest.fixture(scope="session")
async def original(server: Urls, template: Urls) -> Original:
    urls = await copy(server, name := "suite_watched")
    async with owner_session(urls) as session:
        school = await create_institution(session, "GAMMA", "Gamma School")
        students = [await factories.create_student(session, school) for _ in range(2)]
        user = await factories.create_user(session, school)
    return Original(name, school.id, user.id, [student.id for student in students])


@pytest.fixture
async def watched(server: Urls, original: Original) -> AsyncIterator[Watched]:
    async with copied(server, original.name) as urls:
        assert urls.admin
        admin = await asyncpg.connect(asyncpg_url(urls.admin))
        database = await Database.open(urls, Settings())
        try:
            yield Watched(urls, database, admin, original.institution_id, original.user_id, [*original.students])
        finally:
            await database.close()
            await admin.close()
