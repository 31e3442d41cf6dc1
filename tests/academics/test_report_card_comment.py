"""Comments on report cards as they are being written: who reads them."""

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from models import ReportCardCommentKind
from tests.conftest import Execute, School
from tests.factories import comment_on, create_report_card, gid
from tests.reports.onlookers import SEEN, onlookers
from tests.reports.worked_school import worked_school

DOCUMENT = """query ($id: ID!) {
    reportCardComment(id: $id) { kind text subject { name } author { id } reportCard { id } }
    reportCardComments { nodes { id } }
}"""


@pytest.mark.parametrize("who", SEEN)
async def test_a_comment_is_read_by_the_school_alone(
    session: AsyncSession, school: School, execute: Execute, who: str
) -> None:
    made = await worked_school(session, school)
    people = await onlookers(session, school, made)
    card = await create_report_card(session, made.students["Anita"], made.course, made.semester)
    author = {"author_id": people.users["teacher"].id, "subject_id": made.subjects["Art"].id}
    comment = await comment_on(session, card, "Paints well", **author)

    found = (await execute(DOCUMENT, viewer=people.viewer(who), id=gid(comment))).found

    if len(SEEN[who]) > 1:
        assert found["reportCardComment"] == {
            "kind": "TEACHER",
            "text": "Paints well",
            "subject": {"name": "Art"},
            "author": {"id": gid(people.users["teacher"])},
            "reportCard": {"id": gid(card)},
        }
        assert found["reportCardComments"] == {"nodes": [{"id": gid(comment)}]}
    else:
        assert found == {"reportCardComment": None, "reportCardComments": {"nodes": []}}


async def test_a_card_lists_its_comments_in_one_statement(
    session: AsyncSession, school: School, execute: Execute
) -> None:
    made = await worked_school(session, school)
    where = made.course, made.semester
    cards = [await create_report_card(session, made.students[name], *where) for name in ("Anita", "Binod")]
    for card in cards:
        await comment_on(session, card, "Well done", kind=ReportCardCommentKind.HEAD)
        await comment_on(session, card, "A pleasure")
        await comment_on(session, card, "Paints well", subject_id=made.subjects["Art"].id)
    document = "query ($ids: [ID!]!) { nodes(ids: $ids) { ... on ReportCard { comments { kind text } } } }"

    answer = await execute(document, ids=[gid(card) for card in cards])

    assert {comment["text"] for comment in answer.found["nodes"][0]["comments"]} == {
        "Well done",
        "A pleasure",
        "Paints well",
    }
    assert answer.statements == 2
