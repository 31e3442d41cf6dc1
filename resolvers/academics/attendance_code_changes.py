"""Rules of attendance codes."""

from sqlalchemy import select

from models import Attendance, AttendanceCode
from resolvers.constraints import Rule, keep
from resolvers.errors import Checks, Conflict, Invalid
from resolvers.unit_of_work import Change
from resolvers.writing.records import Records, changes, was

keep(
    {
        "uq_attendance_code_institution_id_code": Rule(Conflict, "code", "is another code's already"),
        "ck_attendance_code_present_value_range": Rule(Invalid, "presentValue", "is not between 0 and 1"),
    }
)
CODE_USED = Rule(Conflict, "code", "cannot replace a code with which attendance has been marked")
STATUS_USED = Rule(Conflict, "status", "cannot be given to a code with which attendance has been marked")


async def _has_marks(change: Change, row: AttendanceCode) -> bool:
    marks = select(Attendance.id).where(
        Attendance.institution_id == change.institution_id, Attendance.code == was(row, "code")
    )
    return await change.session.scalar(marks.limit(1)) is not None


async def _rules(change: Change, row: AttendanceCode, checks: Checks) -> None:
    """Marks keep what they said: a mark carries its code and status."""
    if was(row, "code") is None or not changes(row, "code", "status") or not await _has_marks(change, row):
        return
    if changes(row, "code"):
        checks.errors.append(CODE_USED.error(row.code))
    if changes(row, "status"):
        checks.errors.append(STATUS_USED.error(row.status))


ATTENDANCE_CODES = Records(AttendanceCode, rules=_rules)
