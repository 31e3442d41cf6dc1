"""Report cards: who sees them, and how they are found."""

from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from models import ReportCardState
from tests.answers import NOW
from tests.conftest import Execute, School
from tests.factories import create_report_card, gid, name_outside
from tests.reports.onlookers import SEEN, onlookers
from tests.reports.worked_school import WorkedSchool, worked_school

FROZEN: dict[str, Any] = {"content": {"note": "frozen"}, "checksum": bytes(32), "published_at": NOW}
BACK: dict[str, Any] = {**FROZEN, "reopened_at": NOW, "reopen_reason": "A mark was wrong"}
VALUES: dict[ReportCardState, dict[str, Any]] = {
    ReportCardState.DRAFT: {},
    ReportCardState.PUBLISHED: FROZEN,
    ReportCardState.REOPENED: BACK,
    ReportCardState.SUPERSEDED: BACK,
}
FAMILY = ("mother", "student", "parent")


async def _cards(session: AsyncSession, made: WorkedSchool, state: ReportCardState) -> dict[str, Any]:
    return {
        name: await create_report_card(session, student, made.course, made.semester, state=state, **VALUES[state])
        for name, student in made.students.items()
    }


@pytest.mark.parametrize("state", ReportCardState)
async def test_who_sees_which_cards(
    session: AsyncSession, school: School, execute: Execute, state: ReportCardState
) -> None:
    """By link for families, who see published ones alone; Hari's is seen by all who see whole classes."""
    made = await worked_school(session, school)
    people, cards = await onlookers(session, school, made), await _cards(session, made, state)
    document = """query ($id: ID!) {
        reportCards { nodes { student { firstName } } }
        student(id: $id) { reportCards { id } }
        reportCard(id: "CARD") { id }
    }""".replace("CARD", gid(cards["Anita"]))
    for who, names in SEEN.items():
        answer = await execute(document, viewer=people.viewer(who), id=gid(made.students["Anita"]))
        seen = [] if who in FAMILY and state is not ReportCardState.PUBLISHED else list(names)
        if len(names) > 1:
            seen = sorted(made.students)
        found = [node["student"]["firstName"] for node in answer.found["reportCards"]["nodes"]]
        assert sorted(found) == seen, who
        anitas = {"id": gid(cards["Anita"])} if "Anita" in seen else None
        assert answer.found["reportCard"] == anitas, who
        if "Anita" in names:
            assert answer.found["student"] == {"reportCards": [anitas] if anitas else []}, who


async def test_cards_are_found_by_class_and_state(session: AsyncSession, school: School, execute: Execute) -> None:
    made = await worked_school(session, school)
    anita, binod = made.students["Anita"], made.students["Binod"]
    draft = await create_report_card(session, anita, made.course, made.semester)
    where = made.course, made.semester
    published = await create_report_card(session, binod, *where, state=ReportCardState.PUBLISHED, **FROZEN)
    await create_report_card(session, anita, made.unmarked, made.semester)
    await name_outside(session, published, value="card-1")
    document = """query ($course: ID!, $semester: ID!, $states: [ReportCardState!]) { reportCards(
        where: { course: { eq: $course }, semester: { eq: $semester }, state: { in: $states } }
    ) { nodes { id state edition publishedAt checksum canonicalContent course { id } semester { id }
        externalIds { value } } } }"""
    of = {"course": gid(made.course), "semester": gid(made.semester)}

    both = (await execute(document, **of, states=["DRAFT", "PUBLISHED"])).found["reportCards"]["nodes"]
    one = (await execute(document, **of, states=["PUBLISHED"])).found["reportCards"]["nodes"]

    assert {node["id"] for node in both} == {gid(draft), gid(published)}
    assert one == [
        {
            "id": gid(published),
            "state": "PUBLISHED",
            "edition": 1,
            "publishedAt": NOW.isoformat(),
            "checksum": "00" * 32,
            "canonicalContent": '{"note":"frozen"}',
            "course": {"id": gid(made.course)},
            "semester": {"id": gid(made.semester)},
            "externalIds": [{"value": "card-1"}],
        }
    ]
