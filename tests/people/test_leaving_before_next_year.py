"""Leaving the school when the next year is entered already: by a rollover, or by a return."""

import datetime

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from models import EntryType, ExitReason
from resolvers.academics.rollover_applying import ENTRIES
from tests.audited import audited
from tests.conftest import Execute, School
from tests.database import OneConnection
from tests.factories import admit, create_course, create_school_year, create_student, enroll, gid
from tests.mutating import done

BEGINS, ENDS = datetime.date(2026, 6, 1), datetime.date(2027, 4, 30)
BACK = datetime.date(2027, 1, 4)
SHOWN = "schoolEnrollment { student { status schoolEnrollments { exitDate } enrollments { status endDate } } }"


@pytest.mark.parametrize("back", [False, True])
@pytest.mark.parametrize("entry", ENTRIES.values())
async def test_who_leaves_after_a_rollover_is_not_in_the_next_year(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute, entry: EntryType, back: bool
) -> None:
    """Neither at the school nor in a class; a return that is entered for later stays, and so do its courses."""
    student, year = await create_student(session, school), await create_school_year(session, school)
    later = await create_school_year(session, school, code="2026-2027", start_date=BEGINS, end_date=ENDS, current=False)
    span = await admit(session, student, year, exit_date=year.end_date, exit_reason=ExitReason.COMPLETED)
    await enroll(session, student, await create_course(session, year))
    spans = [(BEGINS, entry, datetime.date(2026, 9, 30) if back else None)]
    for begin, how, last in [*spans, (BACK, EntryType.RE_ENTRY, None)][: 1 + back]:
        await admit(session, student, later, entry_date=begin, entry_type=how, exit_date=last)
        await enroll(session, student, await create_course(session, later), begin_date=begin)
    async with audited(connections, school):
        found = await done(execute, "leaveSchool", SHOWN, id=gid(span), version=1, exitReason="MOVED")
    left = {"status": "DROPPED", "endDate": "2025-11-20"}
    assert found["schoolEnrollment"]["student"] == {
        "status": "INACTIVE",
        "schoolEnrollments": [{"exitDate": "2025-11-20"}, {"exitDate": None}][: 1 + back],
        "enrollments": [left, {"status": "ACTIVE", "endDate": None}][: 1 + back],
    }
