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


async def test_nothing_acknowledged_is_lost_or_doubled(committed: Committed) -> None:
    given = await committed_class(committed, 6)
    async with owner_session(committed.urls) as session:
        subject = gid(await create_subject(session, School(committed.institution_id, "GAMMA")))
    storm = Storm(committed, given, subject, random.Random(20251120))
    before = await rows_of(committed)
    await storm.rage(SECONDS, lambda: end_sessions(committed))
    await check(storm, before)
    for what in ("acknowledged", "again", "undone", "disturbed"):
        assert storm.counts[what] > 0, storm.counts
