"""Figures of attendance are of those whom the viewer sees; what is hidden answers like what is not there."""

from typing import Any

from models import Role
from tests.conftest import Execute, School
from tests.factories import gid
from tests.reports.attendance_asking import DAYS, SEPTEMBER, SUMMARY, Eyes, asked
from tests.reports.attendance_school import Register, counted

HAND = counted()
STAFF = (Role.SUPERADMIN, Role.ADMIN, Role.REGISTRAR, Role.REPORTER)
FAMILY = (Role.GUARDIAN, Role.STUDENT)


async def test_everybody_gets_figures_of_what_they_see(execute: Execute, register: Register, eyes: Eyes) -> None:
    """Of a class a family gets its own child; of a student a teacher gets the own courses."""
    whole, asha = HAND["5A", "-"], HAND["5A", "Asha"]
    esha_here = HAND["5A", "Esha"]
    expected: dict[tuple[str, str], dict[Role, Any]] = {
        ("5A", "-"): {**dict.fromkeys((*STAFF, Role.TEACHER), whole), **dict.fromkeys(FAMILY, asha)},
        ("5A", "Asha"): dict.fromkeys(Role, asha),
        ("-", "Asha"): dict.fromkeys(Role, asha),
        ("-", "Esha"): {**dict.fromkeys(STAFF, HAND["-", "Esha"]), Role.TEACHER: esha_here},
        ("5B", "-"): dict.fromkeys(STAFF, HAND["5B", "-"]),
        ("5B", "Esha"): dict.fromkeys(STAFF, HAND["5B", "Esha"]),
        ("-", "Gita"): dict.fromkeys(STAFF, HAND["-", "Gita"]),
    }
    for (course, student), by_role in expected.items():
        for role, viewer in eyes.viewers.items():
            answer = await execute(SUMMARY, viewer=viewer, **asked(register, course, student))
            assert answer.found["attendanceSummary"] == by_role.get(role), (course, student, role)


async def test_what_is_hidden_answers_like_what_is_not_there(
    execute: Execute, register: Register, eyes: Eyes, other_school: School
) -> None:
    hidden = {"student": gid(register.students["Gita"]), "course": gid(register.courses["6A"])}
    absent = {"student": "stu_999999999", "course": "crs_999999999"}
    admin = other_school.admin
    for role in (Role.TEACHER, Role.GUARDIAN, Role.STUDENT, None):
        viewer = admin if role is None else eyes.viewers[role]
        for name in ("student", "course"):
            seen = await execute(DAYS, viewer=viewer, **{name: hidden[name]}, **SEPTEMBER)
            none = await execute(DAYS, viewer=viewer, **{name: absent[name]}, **SEPTEMBER)

            assert seen.found == none.found == {"attendanceSummary": None}
            assert seen.statements == none.statements == 1
            assert seen.students == frozenset()


async def test_who_looked_at_whom_is_known(execute: Execute, register: Register) -> None:
    """Figures of a class are nobody's record; its days are everybody's whose they are."""
    whole = await execute(SUMMARY, **asked(register, "5A", "-"))
    days = await execute(DAYS, **asked(register, "5A", "-"))
    asha = await execute(SUMMARY, **asked(register, "5A", "Asha"))

    assert whole.students == frozenset()
    assert days.students == {register.students[name].id for name in ("Asha", "Bela", "Chen", "Dev", "Esha", "Faiz")}
    assert asha.students == {register.students["Asha"].id}
