"""Two publish the same class at once: each card is made once, and the second finds it published."""

import asyncio
from typing import Any

import pytest

from app.owner import owner_session
from models import Institution
from tests.academics.marking import create_class
from tests.factories import create_grading_scale, gid
from tests.writing.conftest import Committed

PUBLISH = """mutation($input: PublishReportCardsInput!) { publishReportCards(input: $input) {
    created updated unchanged refused errors { code } results { reportCard { id } }
} }"""
COMMENT = """mutation($input: CreateHeadCommentInput!) { createHeadComment(input: $input) {
    reportCardComment { id } errors { code field }
} }"""
PREPARE = """mutation($input: PrepareReportCardsInput!) { prepareReportCards(input: $input) {
    results { reportCard { id } } errors { code }
} }"""
SIZE = 3


async def _class(committed: Committed) -> dict[str, Any]:
    async with owner_session(committed.urls) as session:
        school = await session.get_one(Institution, committed.institution_id)
        made = await create_class(session, school, SIZE)
    return {"course": gid(made.course), "semester": gid(made.semester)}


async def test_of_two_who_publish_a_class_one_does(committed: Committed) -> None:
    given = await _class(committed)
    answers = await asyncio.gather(*(committed.ask(PUBLISH, input=given) for _ in range(2)))
    found = [answer.found["publishReportCards"] for answer in answers]
    assert [each["errors"] for each in found] == [[], []]
    assert sorted((each["created"], each["unchanged"]) for each in found) == [(0, SIZE), (SIZE, 0)]
    assert found[0]["results"] == found[1]["results"]
    assert await committed.value("SELECT count(*) FROM report_card") == SIZE


async def test_a_comment_is_on_the_card_or_refused(committed: Committed) -> None:
    """However the two meet: what was taken stands in what was published."""
    given = await _class(committed)
    prepared = (await committed.ask(PREPARE, input=given)).found["prepareReportCards"]
    card = prepared["results"][0]["reportCard"]["id"]
    comment = committed.ask(COMMENT, input={"reportCard": card, "text": "Well done"})
    said, published = await asyncio.gather(comment, committed.ask(PUBLISH, input=given))
    assert published.found["publishReportCards"]["updated"] == SIZE
    errors = said.found["createHeadComment"]["errors"]
    assert errors in ([], [{"code": "CONFLICT", "field": ["reportCard"]}])
    frozen = "SELECT jsonb_array_length(content -> 'comments') FROM report_card ORDER BY id LIMIT 1"
    assert await committed.value(frozen) == (0 if errors else 1)


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        pytest.param(
            "UPDATE student SET first_name = 'Erased', last_name = 'Student' WHERE id = (SELECT min(id) FROM student)",
            "SELECT content -> 'student' ->> 'fullName' FROM report_card ORDER BY student_id LIMIT 1",
            id="name",
        ),
        pytest.param(
            "UPDATE grading_scale SET name = 'Erased Student' WHERE school_default",
            "SELECT content -> 'scale' ->> 'name' FROM report_card ORDER BY student_id LIMIT 1",
            id="letters",
        ),
    ],
)
async def test_what_a_card_says_is_not_older_than_the_card(committed: Committed, sql: str, told: str) -> None:
    """Whoever publishes waits for who erases a student, or changes the scale: nothing is frozen that is gone then."""
    given = await _class(committed)
    async with owner_session(committed.urls) as session:
        school = await session.get_one(Institution, committed.institution_id)
        await create_grading_scale(session, school, school_default=True)
    async with committed.owner() as other:
        change = other.transaction()
        await change.start()
        assert await other.execute(sql) == "UPDATE 1"
        publishing = asyncio.ensure_future(committed.ask(PUBLISH, input=given))
        while not publishing.done() and not await committed.value("SELECT count(*) FROM pg_locks WHERE NOT granted"):
            await asyncio.wait([publishing], timeout=0.01)
        await change.commit()
    assert (await publishing).found["publishReportCards"]["created"] == SIZE
    assert await committed.value(told) == "Erased Student"
