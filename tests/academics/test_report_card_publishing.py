"""Report cards of a class: prepared, published, taken back and replaced; what becomes of each, and what it costs."""

import datetime
import hashlib

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models import ActivityEntry, Outbox, Role
from tests.academics.carding import of_class, on_cards, published, read, read_all
from tests.academics.marking import create_class, outcomes, refusals
from tests.answers import NOW
from tests.audited import audited
from tests.conftest import Execute, School
from tests.database import OneConnection
from tests.factories import (
    comment_on,
    create_report_card,
    create_school_year,
    create_semester,
    create_student,
    create_user,
    gid,
    teach,
)
from tests.mutating import mutate, refused
from tests.reports.worked_school import HAND, worked_school
from tests.writing.sent import sent

REASON = "A mark was mistyped"


async def test_a_class_is_prepared_once(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    made = await worked_school(session, school)
    teacher = await create_user(session, school)
    await teach(session, made.course, teacher)
    viewer = school.viewer(Role.TEACHER, user_id=teacher.id)
    async with audited(connections, school):
        payload = await on_cards(execute, "prepareReportCards", viewer=viewer, **of_class(made))
    assert (payload["errors"], payload["created"], outcomes(payload)) == ([], 6, ["CREATED"] * 6)
    assert [each["student"]["firstName"] for each in payload["results"]] == list(HAND)
    cards = await read(execute, made)
    assert {(card["state"], card["edition"], card["content"]) for card in cards.values()} == {("DRAFT", 1, None)}
    async with audited(connections, school, nothing=True):
        again = await on_cards(execute, "prepareReportCards", viewer=viewer, **of_class(made))
    assert (again["unchanged"], again["results"][0]["reportCard"]) == (6, payload["results"][0]["reportCard"])


async def test_a_class_is_published_with_what_anyone_can_check(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    made = await worked_school(session, school)
    await create_report_card(session, made.students["Anita"], made.course, made.semester)
    async with audited(connections, school):
        payload = await on_cards(execute, "publishReportCards", **of_class(made))
    assert (payload["errors"], outcomes(payload)) == ([], ["UPDATED", *["CREATED"] * 5])
    cards = await read(execute, made)
    assert [each["reportCard"]["id"] for each in payload["results"]] == [card["id"] for card in cards.values()]
    for name, card in cards.items():
        assert (card["state"], card["edition"], card["publishedAt"]) == ("PUBLISHED", 1, NOW.isoformat())
        assert card["content"]["overall"] == {"average": HAND[name][1], "rank": HAND[name][3]}
        assert (card["content"]["publishedAt"], card["content"]["publishedOn"]) == (NOW.isoformat(), "2025-11-20")
        assert card["checksum"] == hashlib.sha256(card["canonicalContent"].encode()).hexdigest()
        assert card["drift"] == []
    async with audited(connections, school, nothing=True):
        again = await on_cards(execute, "publishReportCards", **of_class(made))
    assert (again["errors"], outcomes(again)) == ([], ["UNCHANGED"] * 6)
    entry = await session.scalar(select(ActivityEntry).where(ActivityEntry.action == "report_card.publish"))
    events = await session.scalars(select(Outbox).where(Outbox.topic == "report_card").order_by(Outbox.id))
    assert entry is not None
    counts = {"created": 5, "updated": 1, "unchanged": 0, "refused": 0}
    assert entry.details == {"course": made.course.id, "semester": made.semester.id, **counts}
    about = {"action": "publish", "course": made.course.id, "semester": made.semester.id}
    told = [(f"rpc_{event.key}", event.payload) for event in events]
    assert told == [(card["id"], {"id": int(card["id"][4:]), **about}) for card in cards.values()]


async def test_a_dry_run_shows_what_would_be_published(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    made = await worked_school(session, school)
    shown = "results { outcome reportCard { state content { overall { average } } } }"
    async with audited(connections, school, nothing=True):
        payload = await mutate(execute, "publishReportCards", shown, **of_class(made, "Anita", dryRun=True))
    card = {"state": "PUBLISHED", "content": {"overall": {"average": "83.38"}}}
    assert payload == {"errors": [], "results": [{"outcome": "CREATED", "reportCard": card}]}


async def test_only_what_was_previewed_is_published(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    """Binod's comment has come since, and Chitra was not looked at; what is published already stays as it is."""
    made = await worked_school(session, school)
    card = await create_report_card(session, made.students["Binod"], made.course, made.semester)
    shown = "results { outcome student { id } reportCard { fingerprint } }"
    asked = of_class(made, "Anita", "Binod", dryRun=True)
    seen = (await mutate(execute, "publishReportCards", shown, **asked))["results"]
    previewed = [{"student": each["student"]["id"], "fingerprint": each["reportCard"]["fingerprint"]} for each in seen]
    await comment_on(session, card, "Late")
    given = of_class(made, "Anita", "Binod", "Chitra", previewed=previewed)
    async with audited(connections, school, nothing=True):
        payload = await on_cards(execute, "publishReportCards", **given)
    changed = "the report card would say something else by now than was previewed: preview it again"
    assert refusals(payload["errors"]) == [
        ("CONFLICT", "students.1", f"students.1: {changed}"),
        ("CONFLICT", "students.2", "students.2: the report card was not previewed"),
    ]
    valid = await on_cards(execute, "publishReportCards", **given, mode="VALID_ROWS")
    assert outcomes(valid) == ["CREATED", "REFUSED", "REFUSED"]
    again = await mutate(execute, "publishReportCards", shown, **of_class(made, "Anita", previewed=[]))
    assert again["results"][0]["outcome"] == "UNCHANGED"
    assert again["results"][0]["reportCard"]["fingerprint"] == previewed[0]["fingerprint"]


async def test_a_card_is_taken_back_and_replaced_by_the_next_edition(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    made = await worked_school(session, school)
    first = (await published(execute, made, "Anita", "Binod"))["Anita"]
    async with audited(connections, school):
        given = {"id": first["id"], "version": first["version"], "reason": f" {REASON} "}
        assert await mutate(execute, "reopenReportCard", "reportCard { state }", **given) == {
            "reportCard": {"state": "REOPENED"},
            "errors": [],
        }
    taken = (await read(execute, made))["Anita"]
    assert (taken["reopenReason"], taken["reopenedAt"]) == (REASON, NOW.isoformat())
    assert (taken["checksum"], taken["content"]) == (first["checksum"], first["content"])
    comment = {"reportCard": first["id"], "text": "Corrected"}
    assert (await mutate(execute, "createTeacherComment", "__typename", **comment))["errors"] == []
    async with audited(connections, school):
        payload = await on_cards(execute, "publishReportCards", **of_class(made, "Anita", "Binod"))
    assert outcomes(payload) == ["CREATED", "UNCHANGED"]
    before, after = [card for card in await read_all(execute, made) if card["student"]["firstName"] == "Anita"]
    assert (before["state"], before["id"], before["content"]) == ("SUPERSEDED", first["id"], first["content"])
    assert (before["comments"], before["reopenReason"]) == ([], REASON)
    assert (after["state"], after["edition"], after["content"]["edition"]) == ("PUBLISHED", 2, 2)
    assert [each["text"] for each in after["comments"]] == ["Corrected"]
    assert [each["text"] for each in after["content"]["comments"]] == ["Corrected"]


async def test_a_class_is_taken_back_at_once(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    made = await worked_school(session, school)
    await published(execute, made)
    async with audited(connections, school):
        payload = await on_cards(execute, "reopenReportCards", **of_class(made, reason=REASON))
    assert (payload["errors"], outcomes(payload)) == ([], ["UPDATED"] * 6)
    assert {card["state"] for card in await read_all(execute, made)} == {"REOPENED"}
    async with audited(connections, school):
        again = await on_cards(execute, "publishReportCards", **of_class(made))
    assert outcomes(again) == ["CREATED"] * 6
    assert [card["state"] for card in await read_all(execute, made)].count("SUPERSEDED") == 6


async def test_only_what_is_published_is_taken_back(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    made = await worked_school(session, school)
    draft = await create_report_card(session, made.students["Anita"], made.course, made.semester)
    await published(execute, made, "Binod")
    given = of_class(made, "Anita", "Binod", "Chitra", reason=REASON)
    async with audited(connections, school, nothing=True):
        payload = await on_cards(execute, "reopenReportCards", **given)
        single = await refused(execute, "reopenReportCard", id=gid(draft), version=1, reason=REASON)
        for reason in ("  ", "x" * 501):
            assert await refused(execute, "reopenReportCards", **given | {"reason": reason}) == [
                ("BAD_USER_INPUT", ["reason"])
            ]
    assert single == [("CONFLICT", ["id"])]
    assert refusals(payload["errors"]) == [
        ("CONFLICT", "students.0", "students.0: the report card is DRAFT: only a published one is reopened"),
        ("BAD_USER_INPUT", "students.2", "students.2: the Student has no report card"),
    ]
    async with audited(connections, school):
        valid = await on_cards(execute, "reopenReportCards", **given, mode="VALID_ROWS")
    assert outcomes(valid) == ["REFUSED", "UPDATED", "REFUSED"]


async def test_students_without_anything_in_the_course_are_refused(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    """A leaver has a card where it is asked for by name, without a rank."""
    made = await worked_school(session, school)
    stranger, anita = await create_student(session, school), gid(made.students["Anita"])
    students = [anita, anita, gid(stranger), "stu_999999999", gid(made.students["Deepak"])]
    for name in ("publishReportCards", "prepareReportCards"):
        async with audited(connections, school, nothing=True):
            payload = await on_cards(execute, name, **of_class(made) | {"students": students})
        assert refusals(payload["errors"]) == [
            ("BAD_USER_INPUT", "students.1", "students.1: is the same as in students.0"),
            ("BAD_USER_INPUT", "students.2", "students.2: the Student has nothing in the course and semester"),
            ("NOT_FOUND", "students.3", "students.3: there is no Student with this id"),
        ]
    done = await published(execute, made, "Deepak")
    assert done["Deepak"]["content"]["overall"] == {"average": "100", "rank": None}


async def test_a_semester_of_another_year_is_refused(session: AsyncSession, school: School, execute: Execute) -> None:
    made = await worked_school(session, school)
    days = {"start_date": datetime.date(2031, 6, 1), "end_date": datetime.date(2032, 4, 30)}
    year = await create_school_year(session, school, current=False, code="2031-2032", **days)
    other = await create_semester(session, year, code="S1-2031", **days)
    for name in ("publishReportCards", "prepareReportCards"):
        given = of_class(made) | {"semester": gid(other)}
        assert await refused(execute, name, **given) == [("BAD_USER_INPUT", ["semester"])]


async def test_only_a_draft_is_deleted(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    made = await worked_school(session, school)
    card = (await published(execute, made, "Anita"))["Anita"]
    async with audited(connections, school, nothing=True):
        given = {"id": card["id"], "version": card["version"]}
        assert await refused(execute, "deleteReportCard", **given) == [("CONFLICT", ["id"])]


async def test_the_same_key_publishes_once(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    made = await worked_school(session, school)
    first = await on_cards(execute, "publishReportCards", **of_class(made, "Anita", idempotencyKey="k-1"))
    async with audited(connections, school, nothing=True):
        second = await on_cards(execute, "publishReportCards", **of_class(made, "Anita", idempotencyKey="k-1"))
    assert first == second
    assert outcomes(second) == ["CREATED"]


@pytest.mark.parametrize("reopened", [False, True], ids=["first", "next"])
async def test_the_number_of_students_costs_no_statement(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute, reopened: bool
) -> None:
    costs, given = [], await create_class(session, school, 1)
    for size in (1, 40):
        group = await create_class(session, school, size, given.year) if size > 1 else given
        of = {"course": gid(group.course), "semester": gid(group.semester)}
        if reopened:
            await on_cards(execute, "publishReportCards", **of)
            await on_cards(execute, "reopenReportCards", **of, reason=REASON)
        async with sent(connections) as statements:
            payload = await mutate(execute, "publishReportCards", "created", **of, idempotencyKey=f"key-{size}")
        assert payload == {"created": size, "errors": []}
        costs.append(len(statements))
    assert costs[0] == costs[1]
    assert costs[0] <= 20
