"""A card that was published is printed as it was, whatever has changed since."""

import datetime
from dataclasses import replace

import pytest
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from app.printing.wanted import Format, Kind
from models import ConfigurationSetting, Grade, ReportCard, ReportCardCommentKind, ReportCardState, Student
from resolvers.context import Context
from resolvers.errors import NotFound
from resolvers.reports.cards.content import as_json, checksum
from resolvers.reports.cards.live import Cover, live_card
from tests.answers import NOW
from tests.conftest import School
from tests.database import OneConnection
from tests.factories import comment_on, create_report_card, create_user, gid
from tests.printing.conftest import Print
from tests.printing.reading import Reading, pages, rows
from tests.reports.onlookers import onlookers
from tests.reports.worked_school import HAND, WorkedSchool, worked_school

DAY = datetime.date(2025, 11, 5)
# Of which ten compare the cards with what is live.
STATEMENTS = 30


@pytest.fixture
async def made(session: AsyncSession, school: School) -> WorkedSchool:
    return await worked_school(session, school)


async def publish(
    session: AsyncSession, connections: OneConnection, school: School, made: WorkedSchool, name: str
) -> ReportCard:
    """The card of a student, published with two comments."""
    student = made.students[name]
    card = await create_report_card(session, student, made.course, made.semester)
    teacher = await create_user(session, school, first_name="Tara", last_name="Rao")
    await comment_on(session, card, "Paints <well>", author_id=teacher.id, subject_id=made.subjects["Art"].id)
    await comment_on(session, card, "Keep it up", kind=ReportCardCommentKind.HEAD)
    async with Context(connections, school.admin, now=NOW) as context:
        content = await live_card(context, Cover(made.course.id, made.semester.id), student.id)
    assert content is not None
    at = datetime.datetime(2025, 11, 5, 6, tzinfo=datetime.UTC)
    card.content = as_json(replace(content, published_at=at, published_on=DAY))
    card.state, card.checksum, card.published_at = ReportCardState.PUBLISHED, checksum(card.content), at
    await session.flush()
    return card


async def change(session: AsyncSession, made: WorkedSchool, name: str) -> None:
    """Another name and other marks."""
    student = made.students[name]
    await session.execute(update(Student).where(Student.id == student.id).values(last_name="Taken"))
    marks = Grade.student_id == student.id, Grade.score.is_not(None)
    await session.execute(update(Grade).where(*marks).values(score=1))


def keys(made: WorkedSchool) -> dict[str, str]:
    return {"course": gid(made.course), "semester": gid(made.semester)}


async def test_a_published_card_is_printed_as_it_was(
    prints: Print, session: AsyncSession, connections: OneConnection, school: School, made: WorkedSchool
) -> None:
    card = await publish(session, connections, school, made, "Anita")
    await change(session, made, "Anita")
    found = await prints(Kind.CARD, **keys(made), student=gid(made.students["Anita"]))
    (page,) = pages(found.written(Format.PDF))
    assert card.checksum
    frozen = ("82.00", "87.50", "83.38", "1 of 5", "Published on 05-11-2025", card.checksum.hex(), "Keep it up")
    assert [text for text in frozen if text not in page] == []
    assert "Taken" not in page
    assert "Changed in the records since: Student, Art, English, Mathematics, Overall. This card says" in page
    texts = Reading(found.written(Format.HTML)).texts
    assert {"Paints <well>", "Teacher · Art · Tara Rao", "Head of school"} <= set(texts)
    assert [line[6] for line in rows(found.written(Format.CSV))[1:]] == ["87.5", "82", "82", "83.38"]


async def test_a_family_is_not_told_of_what_is_not_published(
    prints: Print,
    session: AsyncSession,
    connections: OneConnection,
    school: School,
    made: WorkedSchool,
) -> None:
    await publish(session, connections, school, made, "Anita")
    viewer = (await onlookers(session, school, made)).viewer("mother")
    await change(session, made, "Anita")
    found = await prints(Kind.CARD, **keys(made), student=gid(made.students["Anita"]), viewer=viewer)
    (page,) = pages(found.written(Format.PDF))
    assert "Published on 05-11-2025 · edition 1" in page
    assert "Changed" not in page


async def test_an_edition_is_printed_as_it_was_handed_out(
    prints: Print, session: AsyncSession, connections: OneConnection, school: School, made: WorkedSchool
) -> None:
    card = await publish(session, connections, school, made, "Anita")
    card.state, card.reopened_at, card.reopen_reason = ReportCardState.REOPENED, NOW, "A mark was wrong"
    await session.flush()
    await change(session, made, "Anita")
    asked = {**keys(made), "student": gid(made.students["Anita"])}
    back = "Edition 1, published on 05-11-2025, was taken back on 20-11-2025 and does not hold any more."
    (draft,) = pages((await prints(Kind.CARD, **asked)).written(Format.PDF))
    (first,) = pages((await prints(Kind.CARD, **asked, edition=1)).written(Format.PDF))
    card.state = ReportCardState.SUPERSEDED
    await session.flush()
    (replaced,) = pages((await prints(Kind.CARD, **asked, edition=1)).written(Format.PDF))
    assert ["Draft" in page for page in (draft, first, replaced)] == [True, False, False]
    assert [back in page for page in (draft, first, replaced)] == [True, True, False]
    assert ["83.38" in page for page in (draft, first, replaced)] == [False, True, True]
    assert "Edition 1 has been replaced by a later one and does not hold any more." in replaced
    with pytest.raises(NotFound, match="edition: there is no edition 2 that you may see"):
        await prints(Kind.CARD, **asked, edition=2)


async def test_a_class_has_published_cards_and_drafts(
    prints: Print, session: AsyncSession, connections: OneConnection, school: School, made: WorkedSchool
) -> None:
    await publish(session, connections, school, made, "Anita")
    taken_back = await publish(session, connections, school, made, "Binod")
    taken_back.state, taken_back.reopened_at = ReportCardState.REOPENED, NOW
    taken_back.reopen_reason = "A mark was wrong"
    await session.flush()
    for name in ("Anita", "Binod"):
        await change(session, made, name)
    found = await prints(Kind.CARD, **keys(made), language="de")
    cards = dict(zip(sorted(HAND), pages(found.written(Format.PDF)), strict=True))
    assert [name for name, page in cards.items() if "Ausgestellt am 05-11-2025" in page] == ["Anita"]
    assert [name for name, page in cards.items() if "Entwurf" in page] == [name for name in HAND if name != "Anita"]
    assert ("83,38" in cards["Anita"], "83,38" in cards["Binod"]) == (True, False)
    assert found.statements <= STATEMENTS


async def test_a_school_whose_cards_do_not_rank(
    prints: Print, session: AsyncSession, connections: OneConnection, school: School, made: WorkedSchool
) -> None:
    setting = ConfigurationSetting
    of = setting.institution_id == school.id, setting.key == "REPORT_CARD_RANKS"
    await session.execute(update(setting).where(*of).values(value="NONE"))
    await publish(session, connections, school, made, "Anita")
    for page in pages((await prints(Kind.CARD, **keys(made))).written(Format.PDF)):
        assert "Rank" not in page
        assert "Students in class" in page
