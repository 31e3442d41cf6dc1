"""Good calls about the window of grade entry: see `tests/writing/good_calls.py`."""

import datetime
from collections.abc import Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from tests import factories as make
from tests.factories import gid
from tests.writing.calls import Call, Input, on

CLOSED = datetime.datetime(2025, 11, 1, tzinfo=datetime.UTC)


async def _year(session: AsyncSession, school: Any) -> Any:
    return await make.create_school_year(session, school, current=False)


async def _semester(session: AsyncSession, school: Any) -> Any:
    return await make.create_semester(session, await _year(session, school))


async def _reopen(session: AsyncSession, school: Any) -> Input:
    year = await _year(session, school)
    return {
        "semester": gid(await make.create_semester(session, year, grade_entry_closes_at=CLOSED)),
        "course": gid(await make.create_course(session, year)),
        "reason": "A mark was mistyped",
        "until": "2025-12-01T00:00:00Z",
    }


CALLS_OF_GRADE_ENTRY: Mapping[str, Call] = {
    "openGradeEntry": on(
        _semester, gradeEntryOpensAt="2025-11-01T00:00:00Z", gradeEntryClosesAt="2025-12-01T00:00:00Z"
    ),
    "closeGradeEntry": on(_semester),
    "reopenGradeEntry": _reopen,
}
