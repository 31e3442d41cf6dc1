"""Sixteen writers on one class, under whom sessions are ended: nothing acknowledged is lost or done twice."""

import random

from app.owner import owner_session
from tests.conftest import School
from tests.factories import create_subject, gid
from tests.writing.conftest import Committed
from tests.writing.storm import Storm, check, rows_of
from tests.writing.test_once import committed_class
from tests.writing.test_repeats import end_sessions

SECONDS = 8
# What must have happened for the test to have shown something; a busy machine may need more rounds for it.
HAPPENS, ROUNDS = ("acknowledged", "again", "undone", "disturbed"), 5


async def test_nothing_acknowledged_is_lost_or_doubled(committed: Committed) -> None:
    given = await committed_class(committed, 6)
    async with owner_session(committed.urls) as session:
        subject = gid(await create_subject(session, School(committed.institution_id, "GAMMA")))
    storm = Storm(committed, given, subject, random.Random(20251120))
    before = await rows_of(committed)
    for _ in range(ROUNDS):
        await storm.rage(SECONDS, lambda: end_sessions(committed))
        if all(storm.counts[what] for what in HAPPENS):
            break
    await check(storm, before)
    assert all(storm.counts[what] for what in HAPPENS), storm.counts
