"""A published card stays as it is, and tells which of its values would be others by now."""

import datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models import AttendanceStatus, CalendarDayKind, Grade, GradingScaleBand
from tests.academics.carding import of_class, on_cards, published, read
from tests.answers import NOW
from tests.conftest import Execute, School
from tests.factories import create_assessment, create_calendar_day, grade, mark_attendance, take_attendance
from tests.mutating import mutate
from tests.reports.onlookers import onlookers
from tests.reports.worked_school import WorkedSchool, worked_school

DAY = datetime.date(2025, 7, 1)


def told(card: dict[str, Any]) -> dict[tuple[str, str | None], tuple[str | None, str | None]]:
    """What has changed: then and now, by path and subject."""
    return {
        (each["path"], each["subject"] and each["subject"]["name"]): (each["then"], each["now"])
        for each in card["drift"]
    }


async def _change_art(session: AsyncSession, made: WorkedSchool, name: str, score: str) -> None:
    marks = select(Grade).where(Grade.student_id == made.students[name].id, Grade.subject_id == made.subjects["Art"].id)
    (await session.scalars(marks)).one().score = Decimal(score)
    await session.flush()


async def test_nothing_has_drifted_where_nothing_has_changed(
    session: AsyncSession, school: School, execute: Execute
) -> None:
    made = await worked_school(session, school)
    cards = await published(execute, made)
    assert [card["drift"] for card in cards.values()] == [[]] * 6


async def test_a_changed_mark_moves_no_card_and_is_named(
    session: AsyncSession, school: School, execute: Execute
) -> None:
    """Binod's 87.5 in Art becomes 90: (166 + 80 + 90) / 4 = 84. He is first now, and Anita second in both."""
    made = await worked_school(session, school)
    before = await published(execute, made)

    await _change_art(session, made, "Binod", "90")

    after = await read(execute, made)
    frozen = ("state", "version", "checksum", "canonicalContent", "content", "publishedAt")
    for name, card in after.items():
        assert [card[field] for field in frozen] == [before[name][field] for field in frozen], name
    assert told(after["Binod"]) == {
        ("subjects.average", "Art"): ("87.5", "90"),
        ("overall.average", None): ("83.38", "84"),
    }
    assert told(after["Anita"]) == {("subjects.rank", "Art"): ("1", "2"), ("overall.rank", None): ("1", "2")}
    assert [after[name]["drift"] for name in ("Chitra", "Esha", "Farid", "Gita")] == [[]] * 4


async def test_a_subject_a_letter_and_a_name_that_change_are_named(
    session: AsyncSession, school: School, execute: Execute
) -> None:
    """Gita gets her first mark, 40 in English; the bound of C becomes 45."""
    made = await worked_school(session, school)
    await published(execute, made, "Gita")

    gita = made.students["Gita"]
    gita.first_name = "Geeta"
    band = select(GradingScaleBand).where(GradingScaleBand.letter == "C")
    (await session.scalars(band)).one().lower_bound = Decimal(45)
    await grade(session, gita, made.course, made.subjects["English"], semester_id=made.semester.id, score=40)

    found = told((await read(execute, made))["Geeta"])
    english = {path.split(".")[1]: pair for (path, subject), pair in found.items() if subject == "English"}
    assert english == {
        "completeness": ("MISSING", "PARTIAL"),
        "markCount": ("0", "1"),
        "average": (None, "40"),
        "letter": (None, "F"),
        "points": (None, "0"),
        "passed": (None, "false"),
        "rank": (None, "5"),
    }
    assert {path: pair for (path, subject), pair in found.items() if subject is None} == {
        "student.firstName": ("Gita", "Geeta"),
        "student.fullName": (f"Gita {gita.last_name}", f"Geeta {gita.last_name}"),
        "overall.average": (None, "40"),
        "overall.letter": (None, "F"),
        "overall.passed": (None, "false"),
        "overall.rank": (None, "6"),
        "overall.ranked": ("5", "6"),
        "overall.marked": ("0", "1"),
        "overall.markCount": ("0", "1"),
        "scale.bands.C.lowerBound": ("50", "45"),
    }


async def test_corrected_attendance_is_named(session: AsyncSession, school: School, execute: Execute) -> None:
    made = await worked_school(session, school)
    anita = made.students["Anita"]
    await create_calendar_day(session, made.year, date=DAY, kind=CalendarDayKind.INSTRUCTIONAL)
    await take_attendance(session, made.course, date=DAY)
    mark = await mark_attendance(session, anita, made.course, date=DAY, status="ABSENT", code="ABSENT")
    await published(execute, made, "Anita")

    mark.status, mark.code = AttendanceStatus.PRESENT, "PRESENT"
    await session.flush()

    assert told((await read(execute, made))["Anita"]) == {
        ("attendance.present", None): ("0", "1"),
        ("attendance.absent", None): ("1", "0"),
        ("attendance.presentValue", None): ("0", "1"),
        ("attendance.percentage", None): ("0", "100"),
    }


async def test_comments_of_a_reopened_card_are_told_apart(
    session: AsyncSession, school: School, execute: Execute
) -> None:
    made = await worked_school(session, school)
    await on_cards(execute, "prepareReportCards", **of_class(made, "Anita"))
    card = (await read(execute, made))["Anita"]
    comment = {"reportCard": card["id"], "text": "Good"}
    assert (await mutate(execute, "createHeadComment", "__typename", **comment))["errors"] == []
    card = (await published(execute, made, "Anita"))["Anita"]
    given = {"id": card["id"], "version": card["version"], "reason": "More to say"}
    assert (await mutate(execute, "reopenReportCard", "__typename", **given))["errors"] == []
    change = {"id": card["comments"][0]["id"], "version": 1, "text": "Very good"}
    assert (await mutate(execute, "updateHeadComment", "__typename", **change))["errors"] == []
    assert told((await read(execute, made))["Anita"]) == {("comments.HEAD.text", None): ("Good", "Very good")}


async def test_a_family_is_told_of_drift_by_what_it_sees(
    session: AsyncSession, school: School, execute: Execute
) -> None:
    """Ranks are those of the whole class for her too; she sees neither drafts nor other children's cards."""
    made = await worked_school(session, school)
    people = await onlookers(session, school, made)
    await published(execute, made)
    await _change_art(session, made, "Binod", "90")

    cards = await read(execute, made, people.viewer("mother"))

    assert {name: told(card) for name, card in cards.items()} == {
        "Anita": {("subjects.rank", "Art"): ("1", "2"), ("overall.rank", None): ("1", "2")}
    }


async def test_drift_of_a_class_costs_as_many_statements_as_of_one(
    session: AsyncSession, school: School, execute: Execute
) -> None:
    made = await worked_school(session, school)
    await published(execute, made)
    document = "query ($first: Int) { reportCards(first: $first) { nodes { drift { path } live { edition } } } }"
    one, all_of_them = [await execute(document, first=first) for first in (1, 6)]
    assert [node["live"]["edition"] for node in all_of_them.found["reportCards"]["nodes"]] == [2] * 6
    assert one.statements == all_of_them.statements


async def test_an_assessment_held_since_is_no_drift(
    session: AsyncSession, school: School, execute: Execute, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its marks are missing in what the card would say now, but not as of the card's day."""
    made = await worked_school(session, school)
    day = NOW.date() + datetime.timedelta(days=5)
    about = {"subject_id": made.subjects["Art"].id, "semester_id": made.semester.id}
    await create_assessment(session, made.course, date=day, **about)
    await published(execute, made, "Anita")
    monkeypatch.setattr("tests.answers.NOW", NOW + datetime.timedelta(days=10))
    card = (await read(execute, made))["Anita"]
    live = (
        await execute("query ($id: ID!) { reportCard(id: $id) { live { subjects { missing } } } }", id=card["id"])
    ).found
    assert sum(each["missing"] for each in live["reportCard"]["live"]["subjects"]) == 1
    assert card["drift"] == []
