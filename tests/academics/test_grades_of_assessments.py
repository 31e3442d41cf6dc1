"""What the marks of a class are of: the assessment, its day, and the semester for which they count."""

import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from tests.academics.marking import create_class, outcomes, record, refusals
from tests.academics.test_grade_recording import DAY, GOOD, call, stored
from tests.audited import audited
from tests.conftest import Execute, School
from tests.database import OneConnection
from tests.factories import (
    create_assessment,
    create_school_year,
    create_semester,
    create_subject,
    enroll,
    gid,
    grade,
)
from tests.mutating import refused


async def test_what_is_left_out_is_the_assessments(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    given, subject = await create_class(session, school, 1), await create_subject(session, school)
    late = await create_semester(
        session, given.year, start_date=datetime.date(2025, 11, 1), end_date=datetime.date(2026, 4, 30)
    )
    day = datetime.date(2025, 9, 8)
    work = await create_assessment(session, given.course, subject_id=subject.id, semester_id=late.id, date=day)
    asked = {"course": gid(given.course), "assessment": gid(work), "marks": given.marks(GOOD)}
    assert outcomes(await record(execute, "recordGrades", **asked)) == ["CREATED"]
    (row,) = await stored(session, given)
    assert (row.subject_id, row.semester_id, row.assessment_id, row.date) == (subject.id, late.id, work.id, day)
    other = await create_subject(session, school)
    wrong = asked | {"subject": gid(other), "semester": gid(given.semester)}
    assert await refused(execute, "recordGrades", **wrong) == [
        ("BAD_USER_INPUT", ["subject"]),
        ("BAD_USER_INPUT", ["semester"]),
    ]


async def test_marks_count_for_a_semester_of_the_courses_school_year(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    given, subject = await create_class(session, school, 1), await create_subject(session, school)
    span: dict[str, Any] = {"start_date": datetime.date(2024, 6, 1), "end_date": datetime.date(2025, 4, 30)}
    former = await create_school_year(session, school, code="2024-2025", current=False, **span)
    elsewhere = await create_semester(session, former, **span)
    payload = await record(execute, "recordGrades", **call(given, subject, GOOD, semester=gid(elsewhere)))
    said = "semester: is of another school year than the course"
    assert refusals(payload["errors"]) == [("BAD_USER_INPUT", "semester", said)]
    (student,) = given.students
    await enroll(session, student, given.course, begin_date=datetime.date(2025, 4, 1), end_date=DAY.replace(month=4))
    payload = await record(execute, "recordGrades", **call(given, subject, GOOD, date="2025-04-01"))
    assert refusals(payload["errors"]) == [("BAD_USER_INPUT", "semester", said)]
    given_too = call(given, subject, GOOD, date="2025-04-01", semester=gid(given.semester))
    assert outcomes(await record(execute, "recordGrades", **given_too)) == ["CREATED"]


async def test_an_assessment_is_marked_once_on_whatever_day(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    given, subject = await create_class(session, school, 1), await create_subject(session, school)
    work = await create_assessment(session, given.course, subject_id=subject.id, semester_id=given.semester.id)
    asked = {"course": gid(given.course), "assessment": gid(work)}
    assert outcomes(await record(execute, "recordGrades", **asked, date="2025-09-08", marks=given.marks(GOOD))) == [
        "CREATED"
    ]
    for day in (None, DAY):
        work.date = day
        await session.flush()
        mark = {"score": "7" if day else "6"}
        assert outcomes(await record(execute, "recordGrades", **asked, marks=given.marks(mark))) == ["UPDATED"]
    (row,) = await stored(session, given)
    assert (row.score, row.date, row.version) == (Decimal(7), datetime.date(2025, 9, 8), 3)
    async with audited(connections, school, nothing=True):
        payload = await record(execute, "recordGrades", **asked, date="2025-09-09", marks=given.marks(GOOD))
    said = "has been marked for the assessment on 2025-09-08: leave the date out to change that mark"
    assert refusals(payload["errors"]) == [("CONFLICT", "marks.0.student", f"marks.0.student: {said}")]
    assert (payload["errors"][0]["currentVersion"], payload["results"][0]["mark"]["id"]) == (3, gid(row))


async def test_a_mark_for_an_assessment_stays_in_its_semester_and_is_alone(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    given, subject = await create_class(session, school, 1), await create_subject(session, school)
    span: dict[str, Any] = {"start_date": datetime.date(2025, 11, 1), "end_date": datetime.date(2025, 11, 30)}
    late = await create_semester(session, given.year, **span)
    work = await create_assessment(session, given.course, subject_id=subject.id)
    asked = {"course": gid(given.course), "assessment": gid(work), "marks": given.marks(GOOD)}
    assert outcomes(await record(execute, "recordGrades", **asked, semester=gid(given.semester))) == ["CREATED"]
    payload = await record(execute, "recordGrades", **asked, semester=gid(late))
    said = "has been marked for the assessment in another semester: change that mark itself"
    assert refusals(payload["errors"]) == [("CONFLICT", "marks.0.student", f"marks.0.student: {said}")]
    (student,) = given.students
    place = {"assessment_id": work.id, "semester_id": given.semester.id}
    await grade(session, student, given.course, subject, **place, date=datetime.date(2025, 9, 8))
    payload = await record(execute, "recordGrades", **asked, semester=gid(given.semester))
    said = "has 2 marks for the assessment: delete all but one"
    assert refusals(payload["errors"]) == [("CONFLICT", "marks.0.student", f"marks.0.student: {said}")]
