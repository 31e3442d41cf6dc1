"""That a roster was taken, taken back: it was sent for the wrong course or day, and nobody is marked in it."""

from sqlalchemy import func, select

from models import Attendance, AttendanceTaken
from resolvers.academics.roster import hold_course
from resolvers.context import Context
from resolvers.errors import Checks, Conflict
from resolvers.unit_of_work import Change
from resolvers.writing.records import Records
from resolvers.writing.references import told_count


async def _leaving(change: Change, row: AttendanceTaken, checks: Checks) -> None:
    marked = select(func.count()).where(
        Attendance.institution_id == change.institution_id,
        Attendance.course_id == row.course_id,
        Attendance.date == row.date,
        Attendance.session == row.session,
    )
    count = (await change.session.execute(marked)).scalar_one()
    if count:
        text = f"id: it has {told_count('attendance', count)}: delete the marks, or undo the marking"
        checks.errors.append(Conflict(text, field="id"))


ROSTERS = Records(AttendanceTaken, leaving=_leaving)


async def delete_attendance_taken(context: Context, *, id: int, version: int) -> None:
    """The roster of a course's session counts as not taken; raises Conflict where somebody is marked in it."""
    async with context.change("attendance_taken.delete", id=id) as change:
        # The course first: whoever marks in it waits, or has marked.
        asked = select(AttendanceTaken.course_id).where(AttendanceTaken.id == id)
        for row in await change.among_seen(AttendanceTaken, asked):
            await hold_course(change, row.course_id, field="id")
        await ROSTERS.remove(change, await change.one(AttendanceTaken, id, version=version))
