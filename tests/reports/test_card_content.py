"""What a report card would say: the figures worked out by hand, what is named, and what it costs."""

import datetime
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from models import CalendarDayKind, ConfigurationSetting, ReportCardCommentKind
from tests.conftest import Execute, School
from tests.factories import (
    comment_on,
    create_calendar_day,
    create_grade_level,
    create_report_card,
    create_user,
    gid,
    mark_attendance,
    teach,
)
from tests.reports.worked_school import HAND, LEAVER, WorkedSchool, worked_school

FIGURES = """query ($ids: [ID!]!) { nodes(ids: $ids) { ... on ReportCard { live {
    edition publishedAt student { firstName }
    overall { average letter passed rank classSize ranked member complete missing }
    subjects { name average }
} } } }"""
ALL = """query ($id: ID!) { reportCard(id: $id) { state checksum canonicalContent content { form } drift { path } live {
    form edition publishedAt publishedOn
    school { name code address phone email }
    student { number firstName lastName fullName dateOfBirth gender }
    course { name section gradeLevel schoolYear leadTeacher }
    semester { name code startDate endDate }
    subjects { subject { id } name code coefficient credits expected completeness markCount exempt missing
        average letter points passed rank }
    attendance { since to policy expected present late excused absent unmarked notTaken counted presentValue
        percentage }
    comments { kind subject { id } subjectName text author }
    scale { name minScore maxScore passMark roundingMode decimals bands { letter lowerBound points } }
} } }"""


async def test_a_card_has_the_figures_worked_out_by_hand(
    session: AsyncSession, school: School, execute: Execute
) -> None:
    made = await worked_school(session, school)
    names = [*HAND, "Deepak"]
    where = made.course, made.semester
    cards = [await create_report_card(session, made.students[name], *where) for name in names]

    answer = await execute(FIGURES, ids=[gid(card) for card in cards])

    for name, node in zip(names, answer.found["nodes"], strict=True):
        live = node["live"]
        overall, averages = live["overall"], {each["name"]: each["average"] for each in live["subjects"]}
        hand = LEAVER if name == "Deepak" else HAND[name]
        figures = (averages, overall["average"], overall["letter"], overall["rank"])
        assert (*figures, overall["missing"], overall["complete"]) == (*hand[:4], *hand[5:]), name
        assert (overall["classSize"], overall["ranked"], overall["member"]) == (6, 5, name != "Deepak")
        assert (live["student"]["firstName"], live["edition"], live["publishedAt"]) == (name, 1, None)
    # The cards, and for all of them: the frame, the figures, attendance, names, subjects, comments and the legend.
    assert answer.statements == 8
    assert answer.students == {made.students[name].id for name in names}


async def _complete(session: AsyncSession, school: School, made: WorkedSchool) -> Any:
    """Anita's draft in a class with a level, a teacher, four days of lessons, and comments."""
    teacher = await create_user(session, school, first_name="Tara", last_name="Rao")
    await teach(session, made.course, teacher)
    made.course.grade_level_id = (await create_grade_level(session, school, name="Seventh")).id
    for day in range(1, 5):
        date = datetime.date(2025, 7, day)
        await create_calendar_day(session, made.year, date=date, kind=CalendarDayKind.INSTRUCTIONAL)
    anita = made.students["Anita"]
    for day, status in ((1, "PRESENT"), (2, "ABSENT"), (3, "LATE")):
        date = datetime.date(2025, 7, day)
        await mark_attendance(session, anita, made.course, date=date, status=status, code=status)
    card = await create_report_card(session, anita, made.course, made.semester)
    art = {"subject_id": made.subjects["Art"].id, "author_id": teacher.id}
    await comment_on(session, card, "Well done", kind=ReportCardCommentKind.HEAD)
    await comment_on(session, card, "Paints well", **art)
    await comment_on(session, card, "A pleasure", author_id=teacher.id)
    await session.flush()
    return card


async def test_a_card_is_complete_enough_to_be_printed(session: AsyncSession, school: School, execute: Execute) -> None:
    made = await worked_school(session, school)
    card = await _complete(session, school, made)

    found = (await execute(ALL, id=gid(card))).found["reportCard"]

    live = found.pop("live")
    assert found == {"state": "DRAFT", "checksum": None, "canonicalContent": None, "content": None, "drift": []}
    _check_names(live, made)
    _check_subject(live["subjects"][2], made)
    _check_comments(live["comments"], made)
    _check_attendance_and_scale(live, made)


def _check_names(live: Any, made: WorkedSchool) -> None:
    anita = made.students["Anita"]
    assert live["school"] == {"name": "Alpha School", "code": "ALPHA", "address": None, "phone": None, "email": None}
    assert live["student"]["number"] == anita.student_number
    assert live["course"] == {
        "name": "7",
        "section": "A",
        "gradeLevel": "Seventh",
        "schoolYear": made.year.code,
        "leadTeacher": "Tara Rao",
    }
    assert live["semester"]["code"] == made.semester.code


def _check_subject(found: Any, made: WorkedSchool) -> None:
    assert found == {
        "subject": {"id": gid(made.subjects["Mathematics"])},
        "name": "Mathematics",
        "code": None,
        "coefficient": "2",
        "credits": "4",
        "expected": True,
        "completeness": "COMPLETE",
        "markCount": 3,
        "exempt": 0,
        "missing": 0,
        "average": "82",
        "letter": "A",
        "points": "4",
        "passed": True,
        "rank": 2,
    }


def _check_comments(found: Any, made: WorkedSchool) -> None:
    assert found == [
        {"kind": "TEACHER", "subject": None, "subjectName": None, "text": "A pleasure", "author": "Tara Rao"},
        {
            "kind": "TEACHER",
            "subject": {"id": gid(made.subjects["Art"])},
            "subjectName": "Art",
            "text": "Paints well",
            "author": "Tara Rao",
        },
        {"kind": "HEAD", "subject": None, "subjectName": None, "text": "Well done", "author": None},
    ]


def _check_attendance_and_scale(live: Any, made: WorkedSchool) -> None:
    days = {"expected": "4", "present": "1", "late": "1", "excused": "0", "absent": "1", "unmarked": "0"}
    percentage = {"notTaken": "1", "counted": "0", "presentValue": "0", "percentage": None}
    since = {"since": "2025-06-01", "to": "2025-10-31", "policy": "TAKEN"}
    assert live["attendance"] == {**since, **days, **percentage}
    bands = zip("ABCF", ("80", "60", "50", "0"), ("4", "3", "2", "0"), strict=True)
    assert live["scale"] == {
        "name": made.scale.name,
        "minScore": "0",
        "maxScore": "100",
        "passMark": "50",
        "roundingMode": "HALF_UP",
        "decimals": 2,
        "bands": [{"letter": letter, "lowerBound": low, "points": points} for letter, low, points in bands],
    }


@pytest.mark.parametrize(("value", "ranks"), [("COMPETITION", (3, 4)), ("DENSE", (2, 4)), ("NONE", (None, None))])
async def test_the_school_says_how_cards_rank(
    session: AsyncSession, school: School, execute: Execute, value: str, ranks: tuple[int | None, int | None]
) -> None:
    made = await worked_school(session, school)
    await session.execute(
        update(ConfigurationSetting).where(ConfigurationSetting.key == "REPORT_CARD_RANKS").values(value=value)
    )
    card = await create_report_card(session, made.students["Chitra"], made.course, made.semester)
    document = "query ($id: ID!) { reportCard(id: $id) { live { overall { rank } subjects { name rank } } } }"

    live = (await execute(document, id=gid(card))).found["reportCard"]["live"]

    mathematics = next(each["rank"] for each in live["subjects"] if each["name"] == "Mathematics")
    assert (live["overall"]["rank"], mathematics) == ranks


async def test_who_has_nothing_in_the_course_has_no_live_card(
    session: AsyncSession, school: School, execute: Execute
) -> None:
    made = await worked_school(session, school)
    card = await create_report_card(session, made.students["Anita"], made.empty, made.semester)

    found = (await execute(FIGURES, ids=[gid(card)])).found["nodes"]

    assert found == [{"live": None}]
