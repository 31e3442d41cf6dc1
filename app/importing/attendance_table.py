"""How a file of attendance marks is written: one line a student, class and day, by OneRoster's sourcedIds."""

from app.importing.tables import Table, may, must
from app.importing.values import DATE, INTEGER, SOURCED_ID, choice, text_of
from models import Attendance, AttendanceCode, AttendanceSession, AttendanceStatus

STATUSES = {status.value: status.value for status in AttendanceStatus}
SESSIONS = {session.value: session.value for session in AttendanceSession}
MAX_MINUTES = 1440

MARKS = Table(
    "marks",
    (
        must("studentSourcedId", SOURCED_ID),
        must("classSourcedId", SOURCED_ID),
        must("date", DATE),
        must("status", choice(STATUSES, extension=None)),
        may("code", text_of(AttendanceCode.code)),
        may("session", choice(SESSIONS, extension=None)),
        may("reason", text_of(Attendance.reason)),
        may("minutesLate", INTEGER),
    ),
    sourced=False,
)
