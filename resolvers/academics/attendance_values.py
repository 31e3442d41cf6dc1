"""What an attendance mark says: status and code belong together, and minutes late are of who came late.

What is left out of a change stays: reason and minutes only while the status does.
"""

from collections.abc import Mapping
from typing import Any

from models import Attendance, AttendanceStatus
from resolvers.checking import check_values, tidied
from resolvers.constraints import Rule, keep
from resolvers.errors import Checks, Conflict, Invalid, shown

Codes = Mapping[str, AttendanceStatus]
MINUTES = 1440
MARKED = Rule(Conflict, "student", "has been marked for this part of the day by somebody else: read it again")

keep(
    {
        "ix_attendance_institution_id_student_id_course_id_date": MARKED,
        "ix_attendance_institution_id_course_id_student_id_date": MARKED,
        "ck_attendance_minutes_late_range": Rule(Invalid, "minutesLate", f"is not between 0 and {MINUTES}"),
        "uq_attendance_taken_institution_id_course_id_date_session": Rule(
            Conflict, "session", "has just been taken by somebody else: read it again"
        ),
    }
)


def _coded(code: str, status: AttendanceStatus | None, codes: Codes) -> tuple[AttendanceStatus, str]:
    if code not in codes:
        raise Invalid(f"code: {shown(code)} is none of the school's attendance codes", field="code")
    if status not in (None, codes[code]):
        of = f"{shown(code)} stands for {codes[code].value}"
        raise Invalid(f"status: {shown(status)} is not the status of the code: {of}", field="status")
    return codes[code], code


def _fitting(status: AttendanceStatus, codes: Codes) -> str:
    """The school's code of a status: the one named like it, else the first."""
    if codes.get(status.value) is status:
        return status.value
    fitting = sorted(code for code, of in codes.items() if of is status)
    if not fitting:
        raise Invalid(f"status: the school has no attendance code for {status.value}", field="status")
    return fitting[0]


def _chosen(given: Mapping[str, Any], before: Mapping[str, Any] | None, codes: Codes) -> tuple[AttendanceStatus, str]:
    status, code = given.get("status"), given.get("code")
    for name in ("status", "code"):
        if name in given and given[name] is None:
            raise Invalid(f"{name}: must be given", field=name)
    if code is not None:
        return _coded(code, status, codes)
    if status is None and before is None:
        raise Invalid("status: must be given, or a code", field="status")
    if before is not None and status in (None, before["status"]):
        return before["status"], before["code"]
    assert status is not None
    return status, _fitting(status, codes)


def _check_minutes(minutes: int | None, status: AttendanceStatus) -> None:
    if minutes is None:
        return
    if not 0 <= minutes <= MINUTES:
        raise Invalid(f"minutesLate: {minutes} is not between 0 and {MINUTES}", field="minutesLate")
    if status is not AttendanceStatus.LATE:
        raise Invalid(
            f"minutesLate: {minutes} can be given with LATE only, not with {status.value}", field="minutesLate"
        )


def attendance_values(
    given: Mapping[str, Any], before: Mapping[str, Any] | None, codes: Codes, checks: Checks
) -> dict[str, Any]:
    """What a mark says by what is given and what it said before; empty where status or code are wrong."""
    given = tidied(given)
    check_values(Attendance, {name: given[name] for name in ("reason", "minutes_late") if name in given}, checks)
    found: dict[str, Any] = {}
    with checks:
        status, code = _chosen(given, before, codes)
        found = {"status": status, "code": code}
        same = before is not None and before["status"] is status
        for name in ("reason", "minutes_late"):
            found[name] = given[name] if name in given else before[name] if before is not None and same else None
        _check_minutes(found["minutes_late"], status)
    return found
