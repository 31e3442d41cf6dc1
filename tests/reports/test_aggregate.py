"""Aggregates of a small school that was counted by hand: figures, and what is left out."""

import datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models import EnrollmentStatus, GradeLevel, ScholarshipStatus, SettingCategory
from tests.answers import run
from tests.conftest import Execute, School
from tests.database import OneConnection
from tests.factories import (
    create_course,
    create_scholarship,
    create_school_year,
    create_setting,
    create_student,
    enroll,
    gid,
    grade,
)
from tests.reports.aggregate_asking import ASK, table
from tests.reports.aggregate_school import DAYS, Grouped

# What, by what, and the groups as they were counted by hand from the sheet; None stands for those left out.
HAND: dict[str, tuple[str, tuple[str, ...], list[tuple[Any, ...]]]] = {
    "marks by gender": (
        "GRADES",
        ("GENDER",),
        [("FEMALE", 17, 17, "58.82"), ("MALE", 13, 13, "56.15")],
    ),
    "marks by level": (
        "GRADES",
        ("GRADE_LEVEL",),
        [("5", 8, 8, "56.25"), ("6", 7, 7, "50"), ("7", 5, 5, "48"), ("8", 10, 10, "69")],
    ),
    # 6 M is one boy and 7 F two girls; the rest of 5, 6 and 7 would tell of them.
    "marks by level and gender": (
        "GRADES",
        ("GRADE_LEVEL", "GENDER"),
        [("8", "FEMALE", 4, 4, "75"), ("8", "MALE", 6, 6, "65")],
    ),
    # Two live in Dhar; Chor is left out with them.
    "marks by village": ("GRADES", ("VILLAGE",), [("Ambo", 13, 13, "56.92"), ("Bela", 10, 10, "56")]),
    "marks by class": (
        "GRADES",
        ("SECTION", "GRADE_LEVEL"),
        [
            ("A", "5", 8, 8, "56.25"),
            ("A", "6", 7, 7, "50"),
            ("A", "7", 5, 5, "48"),
            ("A", "8", 4, 4, "75"),
            ("B", "8", 6, 6, "65"),
        ],
    ),
    "marks by poverty card": (
        "GRADES",
        ("POVERTY_CARD",),
        [(False, 21, 21, "55.24"), (True, 6, 6, "60"), (None, 3, 3, "70")],
    ),
    "marks by scholarship": ("GRADES", ("SCHOLARSHIP",), [(False, 26, 26, "57.31"), (True, 4, 4, "60")]),
    # Nobody who needs clothes is one of three in a level, so their levels are not told at all.
    "marks by level and clothes": ("GRADES", ("GRADE_LEVEL", "NEEDS_CLOTHES"), []),
    "attendance by gender": (
        "ATTENDANCE",
        ("GENDER",),
        [("FEMALE", 17, 68, "34", "34", "30", "88.24"), ("MALE", 13, 52, "26", "26", "20", "76.92")],
    ),
    "attendance by clothes": (
        "ATTENDANCE",
        ("NEEDS_CLOTHES",),
        [(False, 24, 96, "48", "48", "41", "85.42"), (True, 6, 24, "12", "12", "9", "75")],
    ),
    "enrolments by section": ("ENROLLMENTS", ("SECTION",), [("A", 24, 24, 0), ("B", 6, 6, 0)]),
    "scholarships": ("SCHOLARSHIPS", (), [(4, 4, "3250.25", "INR")]),
    # All four are girls', and three of them need clothes: the fourth is not told.
    "scholarships by gender": ("SCHOLARSHIPS", ("GENDER",), [("FEMALE", 4, 4, "3250.25", "INR")]),
    "scholarships by clothes": ("SCHOLARSHIPS", ("NEEDS_CLOTHES",), []),
}
TOTALS = {
    "GRADES": (30, 30, "57.67"),
    "ATTENDANCE": (30, 120, "60", "60", "50", "83.33"),
    "ENROLLMENTS": (30, 30, 0),
    "SCHOLARSHIPS": (4, 4, "3250.25", "INR"),
}
COMPLETE = {"marks by gender", "marks by level", "marks by class", "marks by poverty card", "marks by scholarship"}
COMPLETE |= {"attendance by gender", "attendance by clothes", "enrolments by section", "scholarships"}
COMPLETE |= {"scholarships by gender"}


@pytest.mark.parametrize("planning", [True, False], ids=["plans", "resolvers"])
async def test_figures_are_those_counted_by_hand(
    grouped: Grouped, connections: OneConnection, school: School, planning: bool
) -> None:
    for name, (of, by, expected) in HAND.items():
        answer = await run(connections, school.admin, ASK, {"of": of, "by": list(by)}, planning=planning)

        found = answer.found["aggregate"]
        assert table(found["groups"], of, *by) == expected, name
        assert table(found["totals"], of) == [TOTALS[of]], name
        assert (found["of"], found["smallest"], found["complete"]) == (of, 3, name in COMPLETE), name
        assert found["schoolYear"] == {"id": gid(grouped.year)}
        assert answer.students == frozenset()


async def test_two_statements_find_the_year_and_the_groups(execute: Execute, grouped: Grouped) -> None:
    document = "{ aggregate(of: GRADES, groupBy: [GRADE_LEVEL, POVERTY_CARD]) { groups { students } } }"
    assert (await execute(document)).statements == 2


async def test_a_filter_chooses_from_what_is_shown(execute: Execute, grouped: Grouped) -> None:
    """It changes neither counts nor what is left out."""

    async def groups(where: Any, *by: str) -> list[tuple[Any, ...]]:
        found = (await execute(ASK, of="GRADES", by=list(by), where=where)).found["aggregate"]
        assert table(found["totals"], "GRADES") == [TOTALS["GRADES"]]
        return [row[: len(by) + 1] for row in table(found["groups"], "GRADES", *by)]

    assert await groups({"gender": {"eq": "MALE"}}, "GENDER") == [("MALE", 13)]
    assert await groups({"gender": {"ne": "MALE"}}, "GENDER") == [("FEMALE", 17)]
    assert await groups({"village": {"in": ["Ambo", "Chor"]}}, "VILLAGE") == [("Ambo", 13)]
    assert await groups({"village": {"eq": "Dhar"}}, "VILLAGE") == []
    assert await groups({"village": {"startsWith": "B"}}, "VILLAGE") == [("Bela", 10)]
    assert await groups({"povertyCard": {"eq": None}}, "POVERTY_CARD") == [(None, 3)]
    assert await groups({"povertyCard": {"ne": True}}, "POVERTY_CARD") == [(False, 21), (None, 3)]
    level = {"gradeLevel": {"eq": gid(grouped.levels["6"])}}
    assert await groups(level, "GRADE_LEVEL", "GENDER") == []
    assert await groups(level, "GRADE_LEVEL", "SECTION") == [("6", "A", 7)]
    subject = {"subject": {"eq": gid(grouped.subject)}, "semester": {"eq": gid(grouped.semester)}}
    assert await groups(subject, "GENDER") == [("FEMALE", 17), ("MALE", 13)]


REFUSED = {
    "a filter by something else": ("GRADES", ["GENDER"], {"village": {"eq": "Ambo"}}, "where.village"),
    "subjects of attendance": ("ATTENDANCE", ["GENDER"], {"subject": {"eq": "sub_1"}}, "where.subject"),
    "a currency of marks": ("GRADES", [], {"currency": {"eq": "INR"}}, "where.currency"),
    "an id of something else": ("GRADES", ["GRADE_LEVEL"], {"gradeLevel": {"eq": "stu_1"}}, "where.gradeLevel.eq"),
    "null among values": ("GRADES", ["VILLAGE"], {"village": {"in": None}}, "where.village.in"),
    "three dimensions": ("GRADES", ["GENDER", "VILLAGE", "GRADE_LEVEL"], None, "groupBy"),
    "one twice": ("GRADES", ["GENDER", "GENDER"], None, "groupBy"),
    "two that do not cross": ("GRADES", ["GENDER", "VILLAGE"], None, "groupBy"),
}


@pytest.mark.parametrize("name", REFUSED)
async def test_what_would_tell_of_few_is_refused(execute: Execute, grouped: Grouped, name: str) -> None:
    of, by, where, place = REFUSED[name]
    answer = await execute(ASK, refused=True, of=of, by=by, where=where)
    assert answer.refusal == ("BAD_USER_INPUT", place)


async def test_a_school_chooses_what_dimensions_cross_with(
    session: AsyncSession, school: School, execute: Execute, grouped: Grouped
) -> None:
    academic = {"category": SettingCategory.ACADEMIC}
    await create_setting(session, school, key="AGGREGATE_CROSSED_BY", value="GENDER", **academic)

    found = (await execute(ASK, of="GRADES", by=["GENDER", "NEEDS_CLOTHES"])).found["aggregate"]
    refused = await execute(ASK, refused=True, of="GRADES", by=["GRADE_LEVEL", "SECTION"])

    # Of 13 boys two need clothes, so nobody is told apart by both.
    assert found["groups"] == []
    assert not found["complete"]
    assert refused.refusal == ("BAD_USER_INPUT", "groupBy")


@pytest.mark.parametrize(("value", "smallest"), [("1", 3), ("40", 40), ("few", 5)])
async def test_no_school_shows_groups_below_three(
    session: AsyncSession, school: School, execute: Execute, value: str, smallest: int
) -> None:
    """However the setting came in. A school of nobody has nothing to leave out."""
    await create_school_year(session, school)
    key = {"category": SettingCategory.ACADEMIC, "key": "AGGREGATE_SMALLEST_GROUP"}
    await create_setting(session, school, **key, value=value)

    for of, by in {"GRADES": ["GENDER"], "ATTENDANCE": [], "ENROLLMENTS": []}.items():
        found = (await execute(ASK, of=of, by=by)).found["aggregate"]

        assert (found["smallest"], found["complete"], found["groups"], found["totals"]) == (smallest, True, [], [])


async def test_too_few_in_all_have_no_total(session: AsyncSession, school: School, execute: Execute) -> None:
    year = await create_school_year(session, school)
    course = await create_course(session, year)
    for _ in range(4):
        await enroll(session, await create_student(session, school), course)

    found = (await execute(ASK, of="ENROLLMENTS", by=[])).found["aggregate"]

    assert (found["smallest"], found["complete"], found["groups"], found["totals"]) == (5, False, [], [])


async def test_a_table_turned_round_shows_the_same_groups(
    session: AsyncSession, school: School, execute: Execute
) -> None:
    """Each would otherwise show what the other leaves out to hide the two students of b w."""
    levels = sorted((await session.scalars(select(GradeLevel))).all(), key=lambda level: str(level.id))
    year = await create_school_year(session, school)
    courses = {
        name: await create_course(session, year, name=name, grade_level_id=level.id)
        for name, level in zip("ab", levels, strict=False)
    }
    for cell, size in {"aw": 5, "bw": 2, "ax": 6, "bx": 10, "az": 10, "bz": 7}.items():
        for _ in range(size):
            await enroll(session, await create_student(session, school, village=cell[1]), courses[cell[0]])

    async def shown(*by: str) -> list[dict[str, Any]]:
        found = (await execute(ASK, of="ENROLLMENTS", by=list(by))).found["aggregate"]
        assert found["smallest"] == 5
        return list(found["groups"])

    across, turned = await shown("GRADE_LEVEL", "VILLAGE"), await shown("VILLAGE", "GRADE_LEVEL")
    assert sorted((group["village"], group["students"]) for group in across) == [("x", 6), ("x", 10)]
    assert sorted(turned, key=str) == sorted(across, key=str)


async def test_years_share_no_rows(session: AsyncSession, school: School, execute: Execute, grouped: Grouped) -> None:
    """Marks and enrolments of the year's courses; scholarships of the year in which, or after which, they begin."""
    values = {"code": "2026-2027", "start_date": datetime.date(2026, 6, 1), "end_date": datetime.date(2027, 4, 30)}
    year = await create_school_year(session, school, **values, current=False)
    course = await create_course(session, year)
    for student in grouped.students[:3]:
        await enroll(session, student, course, begin_date=values["start_date"])
        await grade(session, student, course, grouped.subject, date=values["start_date"], score=Decimal(10))
    # Before the first year, in the holidays, in the next year; not granted; granted no longer.
    starts = [
        datetime.date(2024, 1, 1),
        datetime.date(2026, 5, 15),
        *[datetime.date(2026, 6, day) for day in (1, 2, 3)],
    ]
    statuses = [ScholarshipStatus.ENDED, *[ScholarshipStatus.ACTIVE] * 4]
    for student, start, status in zip(grouped.students[10:15], starts, statuses, strict=True):
        given = {"amount": Decimal("10.5"), "currency": "INR", "start_date": start, "status": status}
        await create_scholarship(session, student, name="Aid", **given)
    for student, status in zip(
        grouped.students[15:17], (ScholarshipStatus.PENDING, ScholarshipStatus.REVOKED), strict=True
    ):
        given = {"amount": Decimal(99), "currency": "INR", "start_date": DAYS[0], "status": status}
        await create_scholarship(session, student, name="Aid", **given)

    async def totals(of: str, **year: Any) -> list[tuple[Any, ...]]:
        return table((await execute(ASK, of=of, by=[], **year)).found["aggregate"]["totals"], of)

    assert await totals("GRADES") == [TOTALS["GRADES"]]
    assert await totals("GRADES", year=gid(year)) == [(3, 3, "100")]
    assert await totals("ENROLLMENTS") == [TOTALS["ENROLLMENTS"]]
    assert await totals("ENROLLMENTS", year=gid(year)) == [(3, 3, 0)]
    assert await totals("SCHOLARSHIPS") == [(6, 6, "3271.25", "INR")]
    assert await totals("SCHOLARSHIPS", year=gid(year)) == [(3, 3, "31.5", "INR")]


async def test_a_student_stands_where_they_were_enrolled_last(
    session: AsyncSession, school: School, execute: Execute, grouped: Grouped
) -> None:
    """With all of the year's marks. What is pending has not begun; retired students are in no group."""
    mover, planner, leaver = grouped.students[0], grouped.students[1], grouped.students[2]
    early = datetime.date(2025, 5, 1)
    dropped = {"begin_date": early, "end_date": early, "drop_date": early, "drop_reason": "Moved"}
    later = DAYS[1] + datetime.timedelta(days=1)
    await enroll(session, mover, grouped.courses["8B"], begin_date=later)
    await enroll(session, planner, grouped.courses["8B"], begin_date=later, status=EnrollmentStatus.PENDING)
    await enroll(session, leaver, grouped.courses["5A"], status=EnrollmentStatus.DROPPED, **dropped)
    grouped.students[28].deleted_at = datetime.datetime(2025, 9, 10, tzinfo=datetime.UTC)
    await session.flush()

    marks = (await execute(ASK, of="GRADES", by=["GRADE_LEVEL"])).found["aggregate"]["groups"]
    enrolled = (await execute(ASK, of="ENROLLMENTS", by=["GRADE_LEVEL"])).found["aggregate"]["groups"]

    assert [row[:2] for row in table(marks, "GRADES", "GRADE_LEVEL")] == [("5", 7), ("6", 7), ("7", 5), ("8", 10)]
    levels = [("5", 7, 8, 1), ("6", 7, 7, 0), ("7", 5, 5, 0), ("8", 10, 11, 0)]
    assert table(enrolled, "ENROLLMENTS", "GRADE_LEVEL") == levels
