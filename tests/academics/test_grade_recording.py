"""Marks of a whole class: what becomes of each, the rules, what they are of, and what it costs."""

import datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models import ActivityEntry, Grade, GradeEntryReopening, SchoolYear
from tests.academics.marking import Class, create_class, outcomes, record, refusals
from tests.answers import NOW
from tests.audited import audited
from tests.conftest import Execute, School
from tests.database import OneConnection
from tests.factories import (
    create_assessment,
    create_course,
    create_grading_scale,
    create_student,
    create_subject,
    enroll,
    gid,
    teach_subject,
)
from tests.mutating import mutate, refused
from tests.writing.sent import sent

DAY = datetime.date(2025, 9, 1)
GOOD, FINE, ILL = {"score": "9.5"}, {"score": "7", "comment": "Fine"}, {"scoreStatus": "EXEMPT"}


def call(given: Class, subject: Any, *marks: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "course": gid(given.course),
        "subject": gid(subject),
        "date": str(DAY),
        "marks": given.marks(*marks),
        **more,
    }


async def stored(session: AsyncSession, given: Class) -> list[Grade]:
    statement = select(Grade).where(Grade.course_id == given.course.id).order_by(Grade.student_id)
    return list(await session.scalars(statement.execution_options(populate_existing=True)))


async def test_a_class_is_marked_marked_again_and_corrected(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    given, subject = await create_class(session, school, 3), await create_subject(session, school)
    teacher = given.viewer(school)
    async with audited(connections, school):
        payload = await record(execute, "recordGrades", viewer=teacher, **call(given, subject, GOOD, FINE, ILL))
    assert (payload["errors"], outcomes(payload)) == ([], ["CREATED"] * 3)
    rows = await stored(session, given)
    assert [gid(row) for row in rows] == [each["mark"]["id"] for each in payload["results"]]
    assert [(row.score, row.score_status, row.comment) for row in rows] == [
        (Decimal("9.5"), "FULLY_GRADED", None),
        (Decimal(7), "FULLY_GRADED", "Fine"),
        (None, "EXEMPT", None),
    ]
    own = {
        (row.graded_by_id, row.last_edited_at, row.semester_id, row.subject_id, row.assessment_id, row.date)
        for row in rows
    }
    assert own == {(given.teacher.id, NOW, given.semester.id, subject.id, None, DAY)}
    better = {"comment": None}, {"score": "8"}, {"score": "7.00"}
    async with audited(connections, school):
        payload = await record(execute, "recordGrades", viewer=teacher, **call(given, subject, *better))
    assert outcomes(payload) == ["UNCHANGED", "UPDATED", "UPDATED"]
    assert [(row.score, row.score_status, row.comment) for row in await stored(session, given)][1:] == [
        (Decimal(8), "FULLY_GRADED", "Fine"),
        (Decimal(7), "FULLY_GRADED", None),
    ]
    (first, _) = await session.scalars(select(ActivityEntry).where(ActivityEntry.action == "grade.record"))
    about = {"course": given.course.id, "subject": subject.id, "semester": given.semester.id, "assessment": None}
    counts = {"created": 3, "updated": 0, "unchanged": 0, "refused": 0}
    assert first.details == {**about, **counts, "date": str(DAY)}


BAD: list[tuple[dict[str, Any], str, str]] = [
    ({"score": "10.5"}, "score", "10.5 is not between 0 and 10"),
    ({"score": "-1"}, "score", "-1 is not between 0 and 10"),
    ({"score": "1.23456"}, "score", "1.23456 has more than 4 decimals"),
    ({}, "score", "must be given, or a scoreStatus that needs none"),
    ({"score": None}, "score", "must be given, or a scoreStatus that needs none"),
    ({"scoreStatus": "FULLY_GRADED"}, "score", "must be given with FULLY_GRADED"),
    ({"scoreStatus": "EXEMPT", "score": "5"}, "score", "5 cannot be given with EXEMPT"),
    ({"score": "5", "comment": "x" * 2001}, "comment", f"'{'x' * 40}…' has 2001 characters, at most 2000 are allowed"),
]


@pytest.mark.parametrize(("mark", "field", "words"), BAD, ids=[str(place) for place in range(len(BAD))])
async def test_a_mark_that_breaks_a_rule_refuses_all_or_itself_alone(
    connections: OneConnection,
    session: AsyncSession,
    school: School,
    execute: Execute,
    mark: dict[str, Any],
    field: str,
    words: str,
) -> None:
    given, subject = await create_class(session, school, 2), await create_subject(session, school)
    expected = [("BAD_USER_INPUT", f"marks.1.{field}", f"marks.1.{field}: {words}")]
    async with audited(connections, school, nothing=True):
        payload = await record(execute, "recordGrades", **call(given, subject, GOOD, mark))
    assert refusals(payload["errors"]) == expected
    async with audited(connections, school):
        payload = await record(execute, "recordGrades", **call(given, subject, GOOD, mark, mode="VALID_ROWS"))
    assert (payload["errors"], outcomes(payload)) == ([], ["CREATED", "REFUSED"])
    assert refusals(payload["results"][1]["errors"]) == expected
    assert len(await stored(session, given)) == 1


async def test_bounds_are_the_assessments_the_courses_the_schools_or_the_settings(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    given, subject = await create_class(session, school, 1), await create_subject(session, school)
    plain = await create_assessment(session, given.course)
    own = await create_assessment(session, given.course, max_score=50)

    async def told(**more: Any) -> str:
        payload = await record(execute, "recordGrades", **call(given, subject, {"score": "99"}, **more))
        return str(payload["errors"][0]["message"].partition("is not ")[2])

    assert await told() == "between 0 and 10"
    await create_grading_scale(session, school, min_score=1, max_score=6, pass_mark=4, school_default=True)
    assert await told(assessment=gid(plain)) == "between 1 and 6"
    given.course.grading_scale_id = (await create_grading_scale(session, school)).id
    await session.flush()
    assert await told() == "between 0 and 20"
    assert await told(assessment=gid(own)) == "between 0 and 50"
    assert outcomes(
        await record(execute, "recordGrades", **call(given, subject, {"score": "49"}, assessment=gid(own)))
    ) == ["CREATED"]


async def test_the_course_must_teach_the_subject_and_have_the_assessment(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    given, subject = await create_class(session, school, 1), await create_subject(session, school)
    other = await create_subject(session, school)
    await teach_subject(session, given.course, subject)
    assert await refused(execute, "recordGrades", **call(given, other, GOOD)) == [("BAD_USER_INPUT", ["subject"])]
    asked = call(given, other, GOOD)
    del asked["subject"]
    assert await refused(execute, "recordGrades", **asked) == [("BAD_USER_INPUT", ["subject"])]
    elsewhere = await create_assessment(session, await create_course(session, given.year))
    asked = call(given, subject, GOOD, assessment=gid(elsewhere))
    assert await refused(execute, "recordGrades", **asked) == [("NOT_FOUND", ["assessment"])]
    assert outcomes(await record(execute, "recordGrades", **call(given, subject, GOOD))) == ["CREATED"]


async def test_a_mark_is_of_a_student_of_that_day_and_not_of_a_day_to_come(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    given, subject = await create_class(session, school, 0), await create_subject(session, school)
    late = await create_student(session, school)
    await enroll(session, late, given.course, begin_date=datetime.date(2025, 9, 2))
    given.students.append(late)
    assert await refused(execute, "recordGrades", **call(given, subject, GOOD)) == [
        ("BAD_USER_INPUT", ["marks", "0", "student"])
    ]
    assert await refused(execute, "recordGrades", **call(given, subject, GOOD, date="2025-11-21")) == [
        ("BAD_USER_INPUT", ["date"])
    ]
    assert outcomes(await record(execute, "recordGrades", **call(given, subject, GOOD, date=None))) == ["CREATED"]
    assert [row.date for row in await stored(session, given)] == [datetime.date(2025, 11, 20)]


async def test_marks_are_entered_in_the_window_or_while_it_is_open_again(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    given, subject = await create_class(session, school, 1), await create_subject(session, school)
    hour = datetime.timedelta(hours=1)
    given.semester.grade_entry_opens_at = NOW + hour
    await session.flush()
    payload = await record(execute, "recordGrades", **call(given, subject, GOOD))
    assert refusals(payload["errors"]) == [
        ("CONFLICT", "semester", f"semester: grade entry of {given.semester.code} opens at 2025-11-20T07:30:00Z")
    ]
    given.semester.grade_entry_opens_at = None
    await session.flush()
    assert outcomes(await record(execute, "recordGrades", **call(given, subject, GOOD))) == ["CREATED"]
    given.semester.grade_entry_closes_at = NOW - hour
    other = await create_course(session, given.year)
    place = {"institution_id": school.id, "semester_id": given.semester.id, "reason": "Late papers"}
    session.add(GradeEntryReopening(**place, course_id=other.id, closes_at=NOW + hour))
    await session.flush()
    said = f"grade entry of {given.semester.code} closed at 2025-11-20T05:30:00Z"
    payload = await record(execute, "recordGrades", **call(given, subject, FINE))
    assert refusals(payload["errors"]) == [("CONFLICT", "semester", f"semester: {said}")]
    (mark,) = await stored(session, given)
    for name in ("updateGrade", "deleteGrade"):
        assert await refused(execute, name, id=gid(mark), version=1) == [("CONFLICT", ["id"])]
    session.add(GradeEntryReopening(**place, course_id=None, closes_at=NOW + hour))
    await session.flush()
    assert outcomes(await record(execute, "recordGrades", **call(given, subject, FINE))) == ["UPDATED"]


async def test_another_version_is_a_conflict_with_the_record(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    given, subject = await create_class(session, school, 1), await create_subject(session, school)
    await record(execute, "recordGrades", **call(given, subject, GOOD))
    async with audited(connections, school, nothing=True):
        payload = await record(execute, "recordGrades", **call(given, subject, FINE | {"version": 7}))
    (error,) = payload["errors"]
    assert (error["code"], error["field"], error["currentVersion"]) == ("CONFLICT", ["marks", "0", "version"], 1)
    assert payload["results"][0]["mark"]["version"] == 1


async def test_one_mark_keeps_to_the_rules_of_many(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    given, subject = await create_class(session, school, 1), await create_subject(session, school)
    work = await create_assessment(session, given.course, max_score=8)
    await record(execute, "recordGrades", **call(given, subject, FINE, assessment=gid(work)))
    (mark,) = await stored(session, given)
    async with audited(connections, school, nothing=True):
        payload = await mutate(execute, "updateGrade", "grade { id }", id=gid(mark), version=1, score="8.5")
    assert [each["message"] for each in payload["errors"]] == ["score: 8.5 is not between 0 and 8"]
    async with audited(connections, school):
        payload = await mutate(execute, "updateGrade", "grade { score comment }", id=gid(mark), version=1, score="8")
    assert payload == {"grade": {"score": "8", "comment": "Fine"}, "errors": []}


async def test_the_size_of_the_class_costs_no_statement(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    costs: list[list[int]] = []
    year: SchoolYear | None = None
    for size in (1, 40):
        given, subject = await create_class(session, school, size + 1, year), await create_subject(session, school)
        year = given.year
        seen: list[int] = []
        for part in ([GOOD], [FINE] * (size + 1), [GOOD] * (size + 1)):
            key = f"{size}-{len(costs)}-{len(seen)}"
            async with sent(connections) as statements:
                answer = await execute(
                    "mutation($input: RecordGradesInput!) { recordGrades(input: $input) { refused } }",
                    input=call(given, subject, *part, idempotencyKey=key, date="2025-09-02"),
                )
            assert answer.found == {"recordGrades": {"refused": 0}}
            seen.append(len(statements))
        costs.append(seen)
    assert costs[0] == costs[1]
    assert max(costs[0]) <= 10, costs
