"""Documents that ask for attendance, and who asks."""

from typing import Any

from models import Role
from tests.conftest import School
from tests.factories import gid
from tests.reports.attendance_school import FIGURES, Register

ASK = """query ($student: ID, $course: ID, $from: Date!, $to: Date!, $policy: AttendancePolicy! = TAKEN) {
    attendanceSummary(student: $student, course: $course, from: $from, to: $to, policy: $policy) { %s } }"""
SUMMARY = ASK % f"{' '.join(FIGURES)} unexpected"
DAYS = ASK % (
    f"{' '.join(FIGURES)} explain {{ days {{ date session days outcome counted presentValue code student {{ id }}"
    " course { id } } }"
)
SEPTEMBER = {"from": "2025-09-01", "to": "2025-09-30"}


def asked(register: Register, course: str, student: str) -> dict[str, Any]:
    return {
        "course": None if course == "-" else gid(register.courses[course]),
        "student": None if student == "-" else gid(register.students[student]),
        **SEPTEMBER,
    }


class Eyes:
    """Who looks at the register: users by role, who teach 5A, have Asha for a child, or are her."""

    def __init__(self, school: School, users: dict[Role, int]) -> None:
        self.viewers = {role: school.viewer(role, user_id=user) for role, user in users.items()}
