"""Sixteen writers on one class, while server and PostgreSQL are killed: nothing acknowledged is lost or doubled."""

import random

import pytest

from tests.database import place
from tests.writing.storm import Storm
from tests.writing.storm_checks import check, rows_of
from tests.writing.storm_site import other_server, site

pytestmark = pytest.mark.any_database

SECONDS = 5
HAPPENS = ["sessions ended", "PostgreSQL killed", "server lost", "PostgreSQL restarted"]
# What else must have happened for the test to have shown something; a busy machine may need more rounds for it.
DONE = ("recordAttendance", "recordGrades", "enrollStudents", "dropEnrollment", "undo", "told again", "sent again")
ROUNDS = 10


async def test_nothing_acknowledged_is_lost_or_doubled() -> None:
    chance = random.Random(20251120)
    with place() as folder:
        async with site(folder, chance, 6, fsync="off") as school, other_server(school.site):
            await school.site.join()
            storm, before = Storm(school), await rows_of(school.site.urls)
            await storm.rage(SECONDS, HAPPENS)
            for _ in range(ROUNDS):
                if all(storm.counts[what] for what in DONE):
                    break
                await storm.rage(1, ["PostgreSQL killed"])
            await check(storm, before)
    assert all(storm.counts[what] for what in DONE), storm.counts
