"""Erasing a student takes along what was said on report cards, also what has been deleted or replaced since."""

from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from tests.academics.carding import of_class, on_cards, published
from tests.conftest import Execute, School
from tests.database import OneConnection
from tests.factories import gid
from tests.mutating import done
from tests.privacy.marked import contents, where
from tests.reports.worked_school import WorkedSchool, worked_school

SAID, OTHERS = "Qxjworks very hard", "Wvkworks very hard"
COMMENT = "reportCardComment { id version text }"


async def _comment(execute: Execute, card: str, text: str) -> dict[str, Any]:
    payload = await done(execute, "createTeacherComment", COMMENT, reportCard=card, text=text)
    found = payload["reportCardComment"]
    return {name: found[name] for name in ("id", "version")}


async def _prepared(execute: Execute, made: WorkedSchool) -> dict[str, dict[str, Any]]:
    payload = await on_cards(execute, "prepareReportCards", **of_class(made, "Anita", "Binod"))
    return {row["student"]["firstName"]: row["reportCard"] for row in payload["results"]}


@pytest.mark.parametrize("card", [False, True], ids=["alone", "with its card"])
async def test_a_deleted_comment_is_in_no_trail(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute, card: bool
) -> None:
    """Also where its card has been deleted too. A classmate's stays."""
    made = await worked_school(session, school)
    cards = await _prepared(execute, made)
    for name, text in (("Anita", SAID), ("Binod", OTHERS)):
        comment = await _comment(execute, cards[name]["id"], text)
        await done(execute, "deleteTeacherComment", "__typename", **comment)
        if card:
            await done(execute, "deleteReportCard", "__typename", **cards[name])
    before = await contents(connections, school)
    assert where(before, SAID).keys() == {"audit_log"}
    await done(execute, "eraseSubject", "dryRun", student=gid(made.students["Anita"]), dryRun=False)
    after = await contents(connections, school)
    assert where(after, SAID) == {}
    assert where(after, OTHERS) == where(before, OTHERS)


@pytest.mark.parametrize("bulk", [False, True], ids=["one", "many"])
async def test_why_a_card_was_reopened_is_in_no_trail(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute, bulk: bool
) -> None:
    made = await worked_school(session, school)
    card = (await published(execute, made, "Anita"))["Anita"]
    if bulk:
        payload = await on_cards(execute, "reopenReportCards", **of_class(made, reason=SAID))
        assert (payload["errors"], payload["updated"]) == ([], 1)
    else:
        given = {"id": card["id"], "version": card["version"], "reason": SAID}
        await done(execute, "reopenReportCard", "__typename", **given)
    trail = where(await contents(connections, school), SAID).keys() - {"report_card"}
    assert trail == ({"audit_log"} if bulk else {"audit_log", "activity_log"})
    driver = await connections.driver()
    told = await driver.fetchval("SELECT key FROM outbox WHERE payload ->> 'action' = 'reopen'")
    assert f"rpc_{told}" == card["id"]
    await done(execute, "eraseSubject", "dryRun", student=gid(made.students["Anita"]), dryRun=False)
    assert where(await contents(connections, school), SAID) == {}
