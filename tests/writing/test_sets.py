"""Whole sets of rows: written with their audit by a constant number of statements, and checked by column."""

import datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models import Attendance, AttendanceStatus, AuditEntry, Course, Grade, Subject, User
from resolvers.context import Context
from resolvers.errors import Invalid
from tests.audited import audited
from tests.conftest import School
from tests.database import OneConnection
from tests.factories import create_course, create_school_year, create_student, create_subject, create_user, grade
from tests.writing.conftest import ACTOR
from tests.writing.sent import sent


async def marks(session: AsyncSession, school: School, count: int) -> list[Grade]:
    course = await create_course(session, await create_school_year(session, school))
    student, subject = await create_student(session, school), await create_subject(session, school)
    days = [datetime.date(2025, 9, 1) + datetime.timedelta(days=n) for n in range(count)]
    return [await grade(session, student, course, subject, date=day, score=Decimal(5)) for day in days]


@pytest.mark.parametrize("count", [1, 50])
async def test_sets_take_as_many_statements_as_one_row(
    connections: OneConnection,
    session: AsyncSession,
    school: School,
    other_school: School,
    context: Context,
    count: int,
) -> None:
    found = await marks(session, school, count)
    async with (
        audited(connections, school, other_school),
        sent(connections) as statements,
        context.change("grade.update") as change,
    ):
        made = await change.insert_rows(Subject, [{"name": f"Member {n}", "code": None} for n in range(count)])
        changed = await change.update_rows(
            Grade, [{"id": each.id, "score": Decimal("7.25"), "comment": "good"} for each in found]
        )
        again = await change.update_rows(Grade, [{"id": each.id, "comment": "good"} for each in found])
        removed = await change.delete_rows(Subject, [{"id": made[0]}])
    assert (len(made), changed, again, removed) == (count, [each.id for each in found], [], made[:1])
    assert made == sorted(made)
    assert [each.split(" ", 1)[0] for each in statements] == [
        "WITH",
        "SELECT",
        "WITH",
        "SELECT",
        "WITH",
        "WITH",
        "WITH",
    ]
    for each in found:
        await session.refresh(each)
    assert {(each.score, each.comment, each.version, each.updated_by) for each in found} == {
        (Decimal("7.25"), "good", 2, ACTOR)
    }
    entry = (await session.scalars(select(AuditEntry).where(AuditEntry.operation == "UPDATE"))).first()
    assert entry is not None
    assert (entry.before, entry.after) == ({"score": 5, "comment": None}, {"score": 7.25, "comment": "good"})


async def test_sets_of_a_partitioned_table(
    connections: OneConnection, session: AsyncSession, school: School, other_school: School, context: Context
) -> None:
    course = await create_course(session, await create_school_year(session, school))
    student = await create_student(session, school)
    days = [datetime.date(2024, 12, 31), datetime.date(2025, 1, 1)]
    row = {"course_id": course.id, "student_id": student.id, "code": "PRESENT", "status": AttendanceStatus.PRESENT}
    async with audited(connections, school, other_school), context.change("attendance.record") as change:
        made = await change.insert_rows(Attendance, [row | {"date": day} for day in days])
        keys = [{"id": key, "date": day} for key, day in zip(made, days, strict=True)]
        late = {"code": "LATE", "status": AttendanceStatus.LATE, "minutes_late": 5}
        assert await change.lock_rows(Attendance, keys) == dict.fromkeys(made, 1)
        assert await change.update_rows(Attendance, [key | late for key in keys]) == made
        assert await change.delete_rows(Attendance, keys[:1]) == made[:1]
        assert await change.lock_rows(Attendance, keys) == {made[1]: 2}


async def test_a_set_names_each_row_once_and_all_columns_of_each(
    connections: OneConnection, school: School, context: Context
) -> None:
    wrong: list[list[dict[str, Any]]] = [[{"id": 1, "name": "a"}] * 2, [{"id": 1, "name": "a"}, {"id": 2, "code": "b"}]]
    async with audited(connections, school, nothing=True):
        for rows in wrong:
            with pytest.raises(ValueError, match=r"all rows of a set|a set must name"):
                async with context.change("subject.update") as change:
                    await change.update_rows(Subject, rows)


async def test_a_set_has_no_lists(connections: OneConnection, school: School, context: Context) -> None:
    async with audited(connections, school, nothing=True):
        with pytest.raises(TypeError, match=r"course\.meeting_days is an array"):
            async with context.change("course.update") as change:
                await change.update_rows(Course, [{"id": 1, "meeting_days": [1, 2]}])


async def test_an_empty_set_is_nothing(connections: OneConnection, context: Context) -> None:
    async with sent(connections) as statements, context.change("subject.update") as change:
        for write in (change.insert_rows, change.update_rows, change.delete_rows):
            assert await write(Subject, []) == []
    assert len(statements) == 1


TOO_MUCH: list[tuple[type[Any], dict[str, Any], str, str]] = [
    (User, {"first_name": "x" * 51}, "firstName", "has 51 characters, at most 50 are allowed"),
    (Grade, {"score": Decimal(100_000)}, "score", "100000 is not between -100000 and 100000"),
    (Grade, {"score": Decimal("1.00001")}, "score", "1.00001 has more than 4 decimals"),
    (User, {"photo_id": 2**63}, "photoId", "is not between"),
]


@pytest.mark.parametrize(("model", "values", "field", "words"), TOO_MUCH)
@pytest.mark.parametrize("whole_set", [False, True])
async def test_what_a_column_cannot_hold_is_refused_by_name(
    session: AsyncSession,
    school: School,
    context: Context,
    model: type[Any],
    values: dict[str, Any],
    field: str,
    words: str,
    whole_set: bool,
) -> None:
    row = (await marks(session, school, 1))[0] if model is Grade else await create_user(session, school)

    async def write() -> None:
        async with context.change("user.update") as change:
            if whole_set:
                await change.update_rows(model, [{"id": row.id} | values])
            else:
                seen = await change.one(model, row.id)
                for name, value in values.items():
                    setattr(seen, name, value)

    with pytest.raises(Invalid, match=words) as refused:
        await write()
    assert refused.value.field == field
