"""What `Records` does for every entity: shown on some, through a context and without any schema."""

import datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models import ActivityEntry, Course, CourseSubject, ExternalId, GradeLevel, Outbox, Subject
from resolvers.context import Context
from resolvers.errors import Conflict, DomainError, Invalid, NotFound, Several, within
from resolvers.writing.records import Records, references
from tests.answers import NOW
from tests.audited import audited
from tests.conftest import School
from tests.database import OneConnection
from tests.factories import (
    create_course,
    create_school_year,
    create_student,
    create_subject,
    grade,
    name_outside,
    teach_subject,
)

COURSES, SUBJECTS, LEVELS = Records(Course), Records(Subject), Records(GradeLevel)


def told(error: DomainError) -> list[tuple[str, str | None]]:
    return [(each.code, each.field) for each in error.each]


async def test_all_errors_of_fields_are_told_at_once(context: Context, session: AsyncSession, school: School) -> None:
    year = await create_school_year(session, school)
    given: dict[str, Any] = {"name": " ", "section": "x" * 51, "school_year": year.id, "grade_level": 10**12}
    with pytest.raises(Several) as refused:
        await COURSES.create(context, **given)
    assert told(refused.value) == [
        ("BAD_USER_INPUT", "name"),
        ("BAD_USER_INPUT", "section"),
        ("NOT_FOUND", "gradeLevel"),
    ]


async def test_references_are_known_by_their_columns() -> None:
    assert references(GradeLevel) == {"next_level_id": GradeLevel}
    assert references(Subject) == {}


async def test_the_trail_tells_what_was_done(context: Context, session: AsyncSession, school: School) -> None:
    key = await SUBJECTS.create(context, name=" Biology ", code=None)
    assert (await session.scalars(select(Subject.name).where(Subject.id == key))).one() == "Biology"
    activity = (await session.scalars(select(ActivityEntry).order_by(ActivityEntry.id.desc()).limit(1))).one()
    assert (activity.action, activity.details) == ("subject.create", {"id": key})
    event = (await session.scalars(select(Outbox).order_by(Outbox.id.desc()).limit(1))).one()
    assert (event.topic, event.key, event.payload) == ("subject", str(key), {"action": "create", "id": key})


async def test_retired_rows_come_back_and_are_left_alone_until_then(
    connections: OneConnection, context: Context, session: AsyncSession, school: School
) -> None:
    course = await create_course(session, await create_school_year(session, school), name="Red")
    async with audited(connections, school):
        await COURSES.retire(context, id=course.id, version=1)
    async with audited(connections, school, nothing=True):
        await COURSES.retire(context, id=course.id, version=2)
        with pytest.raises(Invalid, match=r"^id: the Course has been retired: bring it back first$"):
            await COURSES.update(context, id=course.id, version=2, name="Blue")
    async with audited(connections, school):
        await COURSES.restore(context, id=course.id, version=2)
        await COURSES.update(context, id=course.id, version=3, name="Blue")
    async with audited(connections, school, nothing=True):
        await COURSES.restore(context, id=course.id, version=4)
    await session.refresh(course)
    assert (course.name, course.deleted_at, course.version) == ("Blue", None, 4)


async def test_what_is_referred_to_stays_and_says_by_what(
    connections: OneConnection, context: Context, session: AsyncSession, school: School
) -> None:
    subject = await create_subject(session, school)
    course = await create_course(session, await create_school_year(session, school))
    await teach_subject(session, course, subject)
    student = await create_student(session, school)
    for day in (1, 2):
        await grade(session, student, course, subject, date=datetime.date(2025, 9, day))
    async with audited(connections, school, nothing=True):
        with pytest.raises(Conflict, match=r"^id: it is still used by 1 subject of a course and 2 marks$") as refused:
            await SUBJECTS.delete(context, id=subject.id, version=1)
    assert refused.value.field == "id"


async def test_links_and_names_elsewhere_go_with_a_row(
    connections: OneConnection, context: Context, session: AsyncSession, school: School
) -> None:
    course = await create_course(session, await create_school_year(session, school))
    await teach_subject(session, course, await create_subject(session, school))
    await name_outside(session, course)
    async with audited(connections, school):
        await COURSES.delete(context, id=course.id, version=1)
    for model in (Course, CourseSubject, ExternalId):
        assert await session.scalar(select(model.id).where(model.institution_id == school.id)) is None


async def test_what_is_referred_to_must_be_in_use(context: Context, session: AsyncSession, school: School) -> None:
    async with context.change("test") as change:
        retired = await create_course(session, await create_school_year(session, school), deleted_at=NOW)
        with pytest.raises(Invalid, match=r"^course: the Course has been retired"):
            await change.seen(Course, retired.id, field="course")
        with pytest.raises(NotFound):
            await change.seen(Course, 10**12, field="course")


async def test_several_records_are_one_change(
    connections: OneConnection, context: Context, session: AsyncSession, school: School
) -> None:
    async with audited(connections, school), context.change("grade_level.pair") as change:
        second = await LEVELS.add(change, {"code": "P2", "name": "Prep 2", "sequence": 201})
        first = await LEVELS.add(change, {"code": "P1", "name": "Prep 1", "sequence": 200, "next_level": second.id})
    assert first.next_level_id == second.id


async def test_a_change_that_was_withdrawn_must_have_done_nothing(context: Context) -> None:
    async def do() -> None:
        async with context.change("subject.create") as change:
            await SUBJECTS.add(change, {"name": "Biology"})
            change.withdraw()

    with pytest.raises(RuntimeError, match="was withdrawn though something was done"):
        await do()


def test_refusals_say_in_which_part_of_the_input_they_are() -> None:
    with pytest.raises(Several) as refused, within("marks.3"):
        raise Several([Invalid("score: 11 is more than 10", field="score"), Conflict("Somebody was faster")])
    assert [(each.field, each.message) for each in refused.value.each] == [
        ("marks.3.score", "marks.3.score: 11 is more than 10"),
        ("marks.3", "Somebody was faster"),
    ]
