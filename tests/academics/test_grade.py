"""Marks: exact, with who gave them, and one request for those of a course."""

import datetime
from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncSession

from models import ScoreStatus, TeacherRole
from tests.conftest import Execute, School
from tests.factories import (
    create_assessment,
    create_course,
    create_school_year,
    create_semester,
    create_student,
    create_subject,
    create_user,
    gid,
    grade,
    name_outside,
    teach,
)


async def test_a_mark_by_id_leads_to_all_it_is_of(session: AsyncSession, school: School, execute: Execute) -> None:
    year = await create_school_year(session, school)
    student, course = await create_student(session, school), await create_course(session, year)
    subject, semester = await create_subject(session, school), await create_semester(session, year)
    assessment, user = await create_assessment(session, course, title="Quiz"), await create_user(session, school)
    mark = await grade(
        session,
        student,
        course,
        subject,
        semester_id=semester.id,
        assessment_id=assessment.id,
        graded_by_id=user.id,
        score=Decimal("8.2500"),
        comment="Good",
        last_edited_at=datetime.datetime(2025, 9, 2, 10, 0, tzinfo=datetime.UTC),
    )
    await name_outside(session, mark, value="r-1")
    document = """query($id: ID!) { grade(id: $id) {
        date score scoreStatus comment lastEditedAt externalIds { value }
        student { id } course { id } subject { id } semester { id } assessment { title } gradedBy { id } teacher { id }
    } }"""
    assert (await execute(document, id=gid(mark))).found["grade"] == {
        "date": "2025-09-01",
        "score": "8.25",
        "scoreStatus": "FULLY_GRADED",
        "comment": "Good",
        "lastEditedAt": "2025-09-02T10:00:00+00:00",
        "externalIds": [{"value": "r-1"}],
        "student": {"id": gid(student)},
        "course": {"id": gid(course)},
        "subject": {"id": gid(subject)},
        "semester": {"id": gid(semester)},
        "assessment": {"title": "Quiz"},
        "gradedBy": {"id": gid(user)},
        "teacher": {"id": gid(user)},
    }


async def test_marks_of_a_course_in_a_semester(session: AsyncSession, school: School, execute: Execute) -> None:
    """Question three: by the student's first name, then the subject; who graded, else the lead teacher."""
    year = await create_school_year(session, school)
    semester, course = await create_semester(session, year), await create_course(session, year)
    lead, other = [await create_user(session, school, last_name=name) for name in ("Lead", "Other")]
    await teach(session, course, other, role=TeacherRole.ASSISTANT, position=1)
    await teach(session, course, lead, position=2)
    subjects = [await create_subject(session, school, name=name) for name in ("Physics", "Art")]
    for first_name, graded_by in (("Uma", None), ("Asha", other.id)):
        student = await create_student(session, school, first_name=first_name)
        for subject in subjects:
            values = {"semester_id": semester.id, "graded_by_id": graded_by}
            await grade(session, student, course, subject, **values)
    document = """query($course: ID!, $semester: ID!) { grades(
        where: { course: { eq: $course }, semester: { eq: $semester } }
        orderBy: [{ field: STUDENT_FIRST_NAME }, { field: SUBJECT_NAME }]
    ) { nodes { score student { firstName } subject { name } teacher { lastName } gradedBy { lastName } } } }"""
    answer = await execute(document, course=gid(course), semester=gid(semester))
    found = [
        (node["student"]["firstName"], node["subject"]["name"], node["teacher"]["lastName"], node["gradedBy"])
        for node in answer.found["grades"]["nodes"]
    ]
    assert found == [
        ("Asha", "Art", "Other", {"lastName": "Other"}),
        ("Asha", "Physics", "Other", {"lastName": "Other"}),
        ("Uma", "Art", "Lead", None),
        ("Uma", "Physics", "Lead", None),
    ]
    assert answer.statements == 5


async def test_a_mark_may_have_no_score(session: AsyncSession, school: School, execute: Execute) -> None:
    course = await create_course(session, await create_school_year(session, school))
    student, subject = await create_student(session, school), await create_subject(session, school)
    await grade(session, student, course, subject, score=None, score_status=ScoreStatus.EXEMPT)
    document = "{ grades(where: { scoreStatus: { eq: EXEMPT } }) { nodes { score scoreStatus teacher { id } } } }"
    found = (await execute(document)).found["grades"]["nodes"]
    assert found == [{"score": None, "scoreStatus": "EXEMPT", "teacher": None}]


async def test_marks_of_a_student_come_by_day_and_as_many_as_asked(
    session: AsyncSession, school: School, execute: Execute
) -> None:
    course = await create_course(session, await create_school_year(session, school))
    subject = await create_subject(session, school)
    for last_name in ("Ali", "Rao"):
        student = await create_student(session, school, last_name=last_name)
        for day in (2, 3, 1):
            await grade(session, student, course, subject, date=datetime.date(2025, 9, day), score=Decimal(day))
    document = """{ students { nodes {
        all: grades { score }
        latest: grades(first: 2, orderBy: [{ field: DATE, direction: DESC }]) { score }
        after: grades(first: 1, where: { date: { gt: "2025-09-01" } }) { score }
    } } }"""
    answer = await execute(document)
    expected = {
        "all": [{"score": "1"}, {"score": "2"}, {"score": "3"}],
        "latest": [{"score": "3"}, {"score": "2"}],
        "after": [{"score": "2"}],
    }
    assert answer.found["students"]["nodes"] == [expected, expected]
    assert answer.statements == 4
