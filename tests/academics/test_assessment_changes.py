"""Rules of assessments: they fit their course, and the marks that were given for them."""

import datetime
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from models import Assessment, Course
from tests.audited import audited
from tests.conftest import Execute, School
from tests.database import OneConnection
from tests.factories import (
    create_assessment,
    create_course,
    create_grading_scale,
    create_school_year,
    create_semester,
    create_student,
    create_subject,
    gid,
    grade,
    teach_subject,
)
from tests.mutating import done, refused

Errors = list[tuple[str, list[str]]]
day = datetime.date.fromisoformat
SHOWN = "assessment { title minScore maxScore }"
RETIRED = datetime.datetime(2025, 1, 1, tzinfo=datetime.UTC)


async def a_course(session: AsyncSession, school: School, **values: Any) -> Course:
    return await create_course(session, await create_school_year(session, school), **values)


BAD: list[tuple[dict[str, Any], Errors]] = [
    ({"title": " "}, [("BAD_USER_INPUT", ["title"])]),
    ({"title": "x" * 201}, [("BAD_USER_INPUT", ["title"])]),
    ({"date": "2025-05-31"}, [("BAD_USER_INPUT", ["date"])]),
    ({"date": "2026-05-01"}, [("BAD_USER_INPUT", ["date"])]),
    ({"minScore": "5", "maxScore": "5"}, [("BAD_USER_INPUT", ["maxScore"])]),
    ({"minScore": "10"}, [("BAD_USER_INPUT", ["minScore"])]),
    ({"maxScore": "0"}, [("BAD_USER_INPUT", ["maxScore"])]),
    ({"maxScore": "100000"}, [("BAD_USER_INPUT", ["maxScore"])]),
]


@pytest.mark.parametrize(("given", "errors"), BAD, ids=range(len(BAD)))
async def test_an_assessment_is_refused_as_new_and_as_changed(
    connections: OneConnection,
    session: AsyncSession,
    school: School,
    execute: Execute,
    given: dict[str, Any],
    errors: Errors,
) -> None:
    course = await a_course(session, school)
    known = await create_assessment(session, course)
    async with audited(connections, school, nothing=True):
        new = {"course": gid(course), "title": "New"} | given
        assert await refused(execute, "createAssessment", **new) == errors
        assert await refused(execute, "updateAssessment", **{"id": gid(known), "version": 1} | given) == errors


async def test_bounds_are_the_scales_where_they_are_not_its_own(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    scale = await create_grading_scale(session, school, min_score=5, max_score=20)
    course = gid(await a_course(session, school, grading_scale_id=scale.id))
    async with audited(connections, school, nothing=True):
        low = {"course": course, "title": "Quiz", "maxScore": "5"}
        assert await refused(execute, "createAssessment", **low) == [("BAD_USER_INPUT", ["maxScore"])]
    await done(execute, "createAssessment", SHOWN, **low, minScore="0")


async def test_the_subject_is_one_that_the_course_teaches(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    own, listed, other = [await create_subject(session, school) for _ in range(3)]
    course = await a_course(session, school, subject_id=own.id)
    await teach_subject(session, course, listed)
    known = gid(await create_assessment(session, course))
    async with audited(connections, school, nothing=True):
        new = {"course": gid(course), "title": "Quiz", "subject": gid(other)}
        assert await refused(execute, "createAssessment", **new) == [("BAD_USER_INPUT", ["subject"])]
        change = {"id": known, "version": 1, "subject": gid(other)}
        assert await refused(execute, "updateAssessment", **change) == [("BAD_USER_INPUT", ["subject"])]
    for subject in (own, listed):
        await done(execute, "createAssessment", SHOWN, **new | {"subject": gid(subject)})


async def test_the_semester_is_one_of_the_courses_year(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    year = await create_school_year(session, school)
    span = {"start_date": day("2026-06-01"), "end_date": day("2027-04-30")}
    later = await create_school_year(session, school, code="2026-2027", current=False, **span)
    semester = gid(await create_semester(session, year))
    other = gid(await create_semester(session, later, **span))
    new: dict[str, Any] = {"course": gid(await create_course(session, year)), "title": "Quiz"}
    async with audited(connections, school, nothing=True):
        foreign = new | {"semester": other}
        assert await refused(execute, "createAssessment", **foreign) == [("BAD_USER_INPUT", ["semester"])]
        outside = new | {"semester": semester, "date": "2025-11-01"}
        assert await refused(execute, "createAssessment", **outside) == [("BAD_USER_INPUT", ["date"])]
    await done(execute, "createAssessment", SHOWN, **outside | {"date": "2025-10-31"})


async def marked(session: AsyncSession, school: School, course: Course, **values: Any) -> Assessment:
    """An assessment with one mark of 7.5."""
    subject = await create_subject(session, school)
    made = await create_assessment(session, course, subject_id=subject.id, **values)
    student = await create_student(session, school)
    await grade(session, student, course, subject, assessment_id=made.id, semester_id=values.get("semester_id"))
    return made


async def test_marks_that_were_given_stay_right(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    year = await create_school_year(session, school)
    course, semester = await create_course(session, year), await create_semester(session, year)
    made = await marked(session, school, course, semester_id=semester.id)
    known = {"id": gid(made), "version": 1}
    async with audited(connections, school, nothing=True):
        for field, value in (("minScore", "7.6"), ("maxScore", "7.4"), ("subject", None), ("semester", None)):
            change = known | {field: value}
            assert await refused(execute, "updateAssessment", **change) == [("CONFLICT", [field])]
        assert await refused(execute, "deleteAssessment", **known) == [("CONFLICT", ["id"])]
    payload = await done(execute, "updateAssessment", SHOWN, **known, minScore="7", maxScore="7.5", title="Final")
    assert payload["assessment"] == {"title": "Final", "minScore": "7", "maxScore": "7.5"}


async def test_an_assessment_of_a_retired_course_stays_as_it_is(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    course = await a_course(session, school, deleted_at=RETIRED)
    known = {"id": gid(await create_assessment(session, course)), "version": 1}
    async with audited(connections, school, nothing=True):
        new = {"course": gid(course), "title": "Quiz"}
        assert await refused(execute, "createAssessment", **new) == [("BAD_USER_INPUT", ["course"])]
        assert await refused(execute, "updateAssessment", **known, title="Quiz") == [("BAD_USER_INPUT", ["course"])]
