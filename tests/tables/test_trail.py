"""Nobody exports unnoticed: the access log has the students, the activity log the export."""

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from models import ActorKind
from tests.answers import NOW
from tests.conftest import Execute, School
from tests.database import OneConnection
from tests.factories import create_student
from tests.tables.exporting import Apart, Asker, Door

pytestmark = pytest.mark.any_database

ROLL = "query Roll { students { nodes { firstName } } }"
LOG = '{ activityLog(where: {action: {eq: "export"}}) { nodes { details actorKind address requestId } } }'


async def test_an_export_is_recorded_with_its_students(
    session: AsyncSession, school: School, connections: OneConnection, execute: Execute
) -> None:
    students = [(await create_student(session, school)).id for _ in range(5)]
    await session.flush()
    asker = Asker(
        Door(Apart(connections), {"admin": school.viewer(*school.admin.roles, user_id=7)}), export_part_rows=2
    )

    await asker.table(ROLL)

    apart = asker.door.connections
    # Each part as it is read, so that a walk that is broken off has told what it has read.
    assert [len(read) for read in apart.students()] == [2, 2, 1]
    assert sorted(student for read in apart.students() for student in read) == sorted(students)
    connections.notes = apart.notes
    await connections.flush(NOW)
    log = "{ accessLog(orderBy: [{ field: AT }]) { nodes { purpose actorKind studentCount } } }"
    found = (await execute(log)).found["accessLog"]["nodes"]
    assert sorted(entry.pop("studentCount") for entry in found) == [1, 2, 2]
    assert found == [{"purpose": "export Roll", "actorKind": "USER"}] * 3
    (entry,) = (await execute(LOG)).found["activityLog"]["nodes"]
    details = {"field": "students", "operation": "Roll", "format": "csv", "rows": 5, "complete": True}
    assert (entry["details"], entry["actorKind"], entry["address"]) == (details, ActorKind.USER.value, "127.0.0.1")


async def test_a_long_name_of_an_operation_is_kept_nowhere(connections: OneConnection, school: School) -> None:
    asker = Asker(Door(Apart(connections), {"admin": school.admin}))

    await asker.lines(ROLL.replace("Roll", "R" * 1000))

    (context,) = asker.door.contexts
    assert context.purpose == f"export {'R' * 93}"
    assert [note.details["operation"] for note in asker.door.connections.exports()] == ["R" * 100]


async def test_an_export_that_is_refused_is_none(connections: OneConnection, school: School) -> None:
    asker = Asker(Door(Apart(connections), {"admin": school.admin}))

    await asker.refusal("{ students { totalCount } }")
    await asker.refusal('{ student(id: "stu_1") { firstName } }')

    assert asker.door.connections.exports() == []
    assert await asker.lines(ROLL) == []
    assert [note.details["rows"] for note in asker.door.connections.exports()] == [0]


async def test_hidden_columns_are_empty_and_named(asker: Asker) -> None:
    query = "{ grades { nodes { score student { a: caste religion firstName guardians { relation } } } } }"
    hidden = await asker.export(query, "teacher", lists="cells")
    shown = await asker.export(query, "registrar", lists="cells")

    assert hidden.headers["x-redacted-columns"] == "student.a, student.religion"
    assert "x-redacted-columns" not in shown.headers
    rows = [line.split(",") for line in hidden.text.splitlines()[1:]]
    assert rows
    assert {row[1] + row[2] for row in rows} == {""}
