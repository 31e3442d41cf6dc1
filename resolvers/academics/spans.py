"""Days of a school year or a part of it, and what has to lie within them."""

import datetime
from typing import Any

from sqlalchemy import func, select

from models import SchoolYear, Semester
from resolvers.errors import Checks, Conflict
from resolvers.unit_of_work import Change


async def check_contents(
    change: Change, row: SchoolYear | Semester, checks: Checks, key: Any, first: Any, last: Any, what: str
) -> None:
    """That all rows whose `key` is this one lie within its days; `first` and `last` are their own days' columns."""
    found = select(func.min(first), func.max(last)).where(
        key.class_.institution_id == change.institution_id, key == row.id
    )
    earliest, latest = (await change.session.execute(found)).one()
    if earliest is not None:
        _check(checks, "startDate", row.start_date, "after", earliest, what, row.start_date > earliest)
        _check(checks, "endDate", row.end_date, "before", latest, what, row.end_date < latest)


def _check(
    checks: Checks, field: str, day: datetime.date, side: str, bound: datetime.date, what: str, wrong: bool
) -> None:
    if wrong:
        checks.errors.append(Conflict(f"{field}: {day} is {side} {bound}, a day of its {what}", field=field))
