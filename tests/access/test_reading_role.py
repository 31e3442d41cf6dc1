"""A server whose reads have a URL of their own: the role that only reads answers what the API's role answers."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from app.database import Database
from app.settings import Settings
from models import Base, Student
from tests.access.conftest import Stages
from tests.access.schools import PERSONAS, Persona
from tests.answers import Answer, run
from tests.schema_map import entities, fragments, lists, type_of

ADMIN, TEACHER, GUARDIAN = (
    next(each for each in PERSONAS if each.name == name) for name in ("ADMIN", "TEACHER", "GUARDIAN")
)


@pytest.fixture(scope="module")
async def reading(stages: Stages) -> AsyncIterator[Database]:
    url = stages.urls.api.replace("schoolgraph_api", "schoolgraph_read")
    quiet = Settings(database_read_url=url, mass_read_students=10**9, alarming_refusals=10**9)
    database = await Database.open(stages.urls, quiet)
    yield database
    await database.close()


async def both(stages: Stages, reading: Database, persona: Persona, document: str, **variables: object) -> Answer:
    """The answer, which must be the same over either role."""
    viewer = stages.schools[0].viewer(persona)
    expected = await run(stages.database, viewer, document, dict(variables))
    found = await run(reading, viewer, document, dict(variables))
    assert found == expected
    return found


async def test_reads_come_from_there_and_nothing_can_be_written_there(stages: Stages, reading: Database) -> None:
    institution = stages.schools[0].world.institution_id
    async with reading.read(institution, 5) as connection:
        assert await connection.fetchval("SELECT current_user") == "schoolgraph_read"
        # Not because the transaction only reads: the role may not.
        await connection.execute("ROLLBACK; BEGIN READ WRITE; SAVEPOINT snapshot")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("UPDATE student SET last_name = 'x'")
    async with reading.write(institution, 5) as session:
        found = await session.connection()
        assert (await found.exec_driver_sql("SELECT current_user")).scalar_one() == "schoolgraph_api"


@pytest.mark.parametrize("persona", [ADMIN, TEACHER, GUARDIAN], ids=lambda persona: persona.name)
async def test_every_list_and_every_field(stages: Stages, reading: Database, persona: Persona) -> None:
    for model, name in lists().items():
        kind = type_of(model)
        rows = f"{name}(first: 100) {{ totalCount nodes {{ ...{kind}1 }} }}"
        await both(stages, reading, persona, f"{{ {rows} }} {fragments(model, 1)}")


@pytest.mark.parametrize("model", entities(), ids=type_of)
async def test_every_record_by_its_id(stages: Stages, reading: Database, model: type[Base]) -> None:
    ids = stages.schools[0].gids(model)[:100]
    document = f"query ($ids: [ID!]!) {{ nodes(ids: $ids) {{ ...{type_of(model)}0 }} }} {fragments(model, 0)}"
    answer = await both(stages, reading, ADMIN, document, ids=ids)
    assert None not in answer.found["nodes"]


async def test_what_is_sealed_is_opened_and_looked_up(stages: Stages, reading: Database) -> None:
    known = "{ students(first: 100) { nodes { id nationalId health identifyingMarks } } }"
    nodes = (await both(stages, reading, ADMIN, known)).found["students"]["nodes"]
    student = next(node for node in nodes if node["nationalId"] and node["health"])
    look = "query ($id: String) { students(where: { nationalId: { eq: $id } }) { nodes { id } } }"
    answer = await both(stages, reading, ADMIN, look, id=student["nationalId"])
    assert answer.found["students"]["nodes"] == [{"id": student["id"]}]


async def test_searching(stages: Stages, reading: Database) -> None:
    name = next(row["last_name"] for row in stages.schools[0].of(Student) if row["deleted_at"] is None)
    answer = await both(stages, reading, ADMIN, "query ($s: String) { students(search: $s) { totalCount } }", s=name)
    assert answer.found["students"]["totalCount"] > 0
