"""A single attendance mark: changed and deleted by the rules by which courses are marked."""

from typing import Any

from sqlalchemy import select

from models import Attendance
from resolvers.academics.attendance_day import codes_of, read_codes
from resolvers.academics.attendance_values import attendance_values
from resolvers.academics.roster import check_enrolled, marker
from resolvers.context import Context
from resolvers.errors import Checks
from resolvers.unit_of_work import Change
from resolvers.writing.lock_order import hold_place_of
from resolvers.writing.records import Records

ATTENDANCES = Records(Attendance)


async def _mark(change: Change, key: Any, version: int) -> Attendance:
    await hold_place_of(change, Attendance, key.id)
    return await change.one(Attendance, key.id, version=version, date=key.date)


async def update_attendance(context: Context, *, id: Any, version: int, **given: Any) -> int:
    """Change what a mark says; `id` is a dated key. Where it says so already, nothing is written."""
    async with context.change("attendance.update", id=id.id) as change:
        row = await _mark(change, id, version)
        pairs, user = (await change.session.execute(select(codes_of(change), marker(change)))).one()
        names = ("status", "code", "reason", "minutes_late")
        before = {name: getattr(row, name) for name in names}
        checks = Checks()
        values = attendance_values(given, before, read_codes(pairs), checks)
        if values == before and not checks.errors:
            change.withdraw()
            return row.id
        await check_enrolled(change, checks, row)
        checks.done()
        for name, value in {**values, "recorded_by_id": user}.items():
            setattr(row, name, value)
        await change.session.flush()
        change.publish("attendance", row.id, {"action": "update", "id": row.id})
    return row.id


async def delete_attendance(context: Context, *, id: Any, version: int) -> None:
    """Remove a mark; `id` is a dated key. That the roster was taken stays."""
    async with context.change("attendance.delete", id=id.id) as change:
        await ATTENDANCES.remove(change, await _mark(change, id, version))
