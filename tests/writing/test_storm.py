"""Sixteen writers on one class, while server and PostgreSQL are killed: nothing acknowledged is lost or doubled."""

import random

from tests.database import place
from tests.writing.storm import Storm
from tests.writing.storm_checks import check, rows_of
from tests.writing.storm_site import site

SECONDS = 6
KILLED = ["sessions ended", "PostgreSQL killed", "server killed", "PostgreSQL restarted"]
# What must have happened for the test to have shown something; a busy machine may need more rounds for it.
HAPPENS = ("recordAttendance", "recordGrades", "enrollStudents", "dropEnrollment", "undo", "told again", "answers lost")
ROUNDS = 5


async def test_nothing_acknowledged_is_lost_or_doubled() -> None:
    with place() as folder:
        async with site(folder, random.Random(20251120), 6, fsync="off") as school:
            storm, before = Storm(school), await rows_of(school.site.urls)
            await storm.rage(SECONDS, KILLED)
            for _ in range(ROUNDS):
                if all(storm.counts[what] for what in HAPPENS):
                    break
                await storm.rage(SECONDS / 2, ["server killed"])
            await check(storm, before)
    assert all(storm.counts[what] for what in HAPPENS), storm.counts
