"""A school whose keys are changed, and what its students' secrets are to be meanwhile."""

import contextlib
import datetime
import itertools
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg

from app.database import Database
from app.keys import new_key
from app.rotation import Rotation
from app.sealed_tables import keys_in_use
from app.settings import Settings
from app.urls import Urls
from models import ActorKind, Institution, Role, Student
from resolvers.people.student_secrets import new_keys, sealed_columns
from resolvers.sealing import Sealer
from resolvers.unit_of_work import change_in
from resolvers.viewer import Viewer
from resolvers.writing.recording import Author
from schema.node import identity
from tests.answers import run
from tests.database import owner_session
from tests.factories import create_student

COUNT, TIMEOUT = 60, 30.0
OLD, NEW, OLD_INDEX, NEW_INDEX = (new_key() for _ in range(4))
BEFORE = Settings(sealing_keys=f"1:{OLD}", blind_index_key=OLD_INDEX)
MEANWHILE = Settings(sealing_keys=f"2:{NEW},1:{OLD}", blind_index_key=OLD_INDEX)
INDEXING = Settings(sealing_keys=f"2:{NEW},1:{OLD}", blind_index_key=NEW_INDEX, former_blind_index_key=OLD_INDEX)
AFTER = Settings(sealing_keys=f"2:{NEW}", blind_index_key=NEW_INDEX)
READ = "query($ids: [ID!]!) { nodes(ids: $ids) { ... on Student { id nationalId health identifyingMarks } } }"
FIND = "query($digits: String!) { students(where: { nationalId: { eq: $digits } }) { nodes { id } } }"
numbers = itertools.count(2345_0000_0000)


def sealer(settings: Settings) -> Sealer:
    return Sealer(settings.key_texts.keys())


def sealer_of(database: Database) -> Sealer:
    assert database.services.sealer
    return database.services.sealer


def secrets_of(n: int) -> dict[str, str | None]:
    return {
        "national_id": str(next(numbers)),
        "health": f"Asthma {n}" if n % 3 else None,
        "identifying_marks": f"A scar {n}" if n % 2 else None,
    }


@dataclass
class School:
    """A school, and what its students' secrets are to be."""

    urls: Urls
    owner: "asyncpg.Connection[Any]"
    institution: Institution
    students: dict[int, dict[str, str | None]] = field(default_factory=dict)

    @property
    def viewer(self) -> Viewer:
        return Viewer(0, self.institution.id, frozenset({Role.ADMIN}), ZoneInfo("UTC"), 0)

    async def admit(self, settings: Settings, count: int) -> None:
        async with owner_session(self.urls) as session:
            made = {key: secrets_of(key) for key in await new_keys(session, count)}
            for key, given in made.items():
                columns = sealed_columns(sealer(settings), self.institution.id, key, given)
                await create_student(session, self.institution, id=key, **columns)
        self.students |= made

    async def change(self, database: Database, keys: Sealer, student: int) -> None:
        """As the server does, within the institution; what is expected changes with it."""
        given = secrets_of(student) | {"health": f"Changed {next(numbers)}"}
        columns = sealed_columns(keys, self.institution.id, student, given)
        author = Author(ActorKind.SYSTEM, None, datetime.datetime.now(datetime.UTC))
        async with (
            database.write(self.institution.id, TIMEOUT) as session,
            change_in(session, self.institution.id, author, "student.update", {"id": student}) as change,
        ):
            await change.update_rows(Student, [{"id": student} | columns])
        self.students[student] = given

    async def check(self, database: Database, students: list[int]) -> None:
        """Each of them is read with what it said before the reading, or with what it says since."""
        before = {student: self.students[student] for student in students}
        ids = [f"{identity(Student).prefix}_{student}" for student in students]
        answer = await run(database, self.viewer, READ, {"ids": ids}, sealer=sealer_of(database))
        for student, node in zip(students, answer.found["nodes"], strict=True):
            found = {"national_id": node["nationalId"], "health": node["health"]}
            found["identifying_marks"] = node["identifyingMarks"]
            assert found in (before[student], self.students[student]), student

    async def check_found(self, database: Database, student: int) -> None:
        digits = self.students[student]["national_id"]
        answer = await run(database, self.viewer, FIND, {"digits": digits}, sealer=sealer_of(database))
        if self.students[student]["national_id"] == digits:
            assert [node["id"] for node in answer.found["students"]["nodes"]] == [
                f"{identity(Student).prefix}_{student}"
            ]

    def rotation(self, settings: Settings, batch: int = 5) -> Rotation:
        return Rotation(self.owner, sealer(settings), None, batch=batch)

    async def in_use(self) -> Counter[int]:
        found: Counter[int] = Counter()
        for each in await keys_in_use(self.owner, None):
            found[each.key_id] += each.count
        return found

    def values(self) -> int:
        return sum(text is not None for given in self.students.values() for text in given.values())


@contextlib.asynccontextmanager
async def opened(urls: Urls, settings: Settings) -> AsyncIterator[Database]:
    database = await Database.open(urls, settings)
    try:
        yield database
    finally:
        await database.close()
