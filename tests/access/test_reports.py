"""Every report, for everybody in two schools, against its sheet: of whom it is, and that nothing else comes of it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest

from app.database import Database
from app.settings import Settings
from app.urls import Urls
from models import Role
from resolvers.institution.institution import create_institution
from tests.access.reports import ABSENT, Asking, document, elsewhere, named, report_fields, report_sheet
from tests.answers import Answer, run
from tests.conftest import School
from tests.database import copy, drop, owner_session
from tests.factories import create_guardian, create_user, gid, link_guardian, teach
from tests.reports.attendance_school import make_register
from tests.reports.onlookers import onlookers
from tests.reports.worked_school import worked_school

pytestmark = pytest.mark.any_database

ATTENDANCE = {
    "attendanceSummary",
    "attendanceReport",
    "attendanceStatistics",
    "chronicAbsence",
    "missingAttendance",
    "rosters",
}
SCHOOLS = [pytest.param(0, id="ours"), pytest.param(1, id="theirs")]
NAMED_BY = {
    Role.SUPERADMIN: "superadmin",
    Role.ADMIN: "admin",
    Role.REGISTRAR: "registrar",
    Role.REPORTER: "reporter",
    Role.TEACHER: "teacher",
    Role.GUARDIAN: "mother",
    Role.STUDENT: "student",
}


@dataclass(frozen=True)
class Asked:
    """Two schools with marks and two with attendance, each pair made alike."""

    database: Database
    marks: list[Asking]
    attendance: list[Asking]

    def schools(self, report: str) -> list[Asking]:
        return self.attendance if report in ATTENDANCE else self.marks

    async def ask(self, viewer: Any, report: str, question: dict[str, Any]) -> Answer:
        return await run(self.database, viewer, document(report), question, refused=None)


async def _marks(session: Any, school: School) -> Asking:
    made = await worked_school(session, school)
    looking = await onlookers(session, school, made)
    ids = {name: gid(student) for name, student in made.students.items()}
    # Hari is to come to the class, and so seen by its teacher.
    seen = {"everybody": set(ids.values()), "own courses": set(ids.values())}
    seen |= {"own children": {ids["Anita"]}, "self": {ids["Esha"]}}
    given = {"semester": gid(made.semester), "method": "COMPETITION", "first": 100, "offset": 0}
    given |= {"of": "GRADES", "groupBy": ["GENDER"], "schoolYear": gid(made.year)}
    viewers = {role: looking.viewer(name) for role, name in NAMED_BY.items()}
    return Asking(viewers, seen, given, list(ids.values()), [gid(made.course), gid(made.empty)])


async def _attendance(session: Any, school: School) -> Asking:
    register = await make_register(session, school)
    users = {role: await create_user(session, school) for role in Role}
    await teach(session, register.courses["5A"], users[Role.TEACHER])
    guardian = await create_guardian(session, school, user_id=users[Role.GUARDIAN].id)
    await link_guardian(session, register.students["Asha"], guardian, may_access_records=True)
    register.students["Asha"].user_id = users[Role.STUDENT].id
    await session.flush()
    ids = {name: gid(student) for name, student in register.students.items()}
    seen = {"everybody": set(ids.values()), "own courses": set(ids.values()) - {ids["Gita"]}}
    seen |= {"own children": {ids["Asha"]}, "self": {ids["Asha"]}}
    days = {"from": "2025-09-01", "to": "2025-09-13", "date": "2025-09-10", "policy": "TAKEN"}
    given = {**days, "threshold": "1", "minimumDays": 0, "asOf": "2025-09-04"}
    viewers = {role: school.viewer(role, user_id=user.id) for role, user in users.items()}
    students = [ids[name] for name in ("Asha", "Esha", "Gita")]
    taught, other = gid(register.courses["5A"]), gid(register.courses["6A"])
    return Asking(viewers, seen, given, students, [taught, other], frozenset({other}))


@pytest.fixture(scope="module")
async def asked(server: Urls, template: Urls) -> AsyncIterator[Asked]:
    urls = await copy(server, "suite_asked")
    found: dict[Any, list[Asking]] = {_marks: [], _attendance: []}
    async with owner_session(urls) as session:
        for make, schools in found.items():
            for _ in range(2):
                code = f"{make.__name__.strip('_').upper()[:10]}{len(schools)}"
                made = await create_institution(session, code, code)
                schools.append(await make(session, School(made.id, code)))
    quiet = Settings(mass_read_students=10**9, alarming_refusals=10**9)
    database = await Database.open(urls, quiet)
    yield Asked(database, found[_marks], found[_attendance])
    await database.close()
    await drop(server, "suite_asked")


def test_every_report_has_a_line() -> None:
    """A root field that is new must be decided on, for every role."""
    assert report_sheet().keys() == report_fields()


def test_superadmin_is_admin() -> None:
    assert [line for line, cells in report_sheet().items() if cells["SUPERADMIN"] != cells["ADMIN"]] == []


@pytest.mark.parametrize("number", SCHOOLS)
@pytest.mark.parametrize("report", report_sheet())
async def test_of_whom_a_report_is(asked: Asked, report: str, number: int) -> None:
    school = asked.schools(report)[number]
    questions = school.questions(report)
    whole = [await asked.ask(school.viewers[Role.ADMIN], report, question) for question in questions]
    for role, viewer in school.viewers.items():
        said = report_sheet()[report][role.value]
        seen = school.seen.get(said, set())
        shown = set[str]()
        for question, everything in zip(questions, whole, strict=True):
            answer = await asked.ask(viewer, report, question)
            if said == "refused":
                assert (answer.data, answer.refusal[0]) == ({report: None}, "FORBIDDEN")
                continue
            assert answer.errors == []
            expected = school.expected(said, question, named(everything.data))
            assert named(answer.data) == expected, (role, question)
            shown |= named(answer.data)
            assert {f"stu_{key}" for key in answer.students} <= seen, (role, question)
        told = named([each.data for each in whole])
        assert bool(shown) == bool(told & seen), role


@pytest.mark.parametrize("number", SCHOOLS)
@pytest.mark.parametrize("report", report_sheet())
async def test_what_is_hidden_and_what_is_of_another_school_is_as_absent(
    asked: Asked, report: str, number: int
) -> None:
    """Nothing of a report is shown where it is of nobody whom somebody sees."""
    school, other = asked.schools(report)[number], asked.schools(report)[1 - number]
    theirs = {"semester": other.given.get("semester"), "student": other.students[0], "course": other.courses[0]}
    for role, viewer in school.viewers.items():
        said = report_sheet()[report][role.value]
        for question in school.questions(report):
            if not ABSENT.keys() & {name for name, value in question.items() if value is not None}:
                continue
            absent = await asked.ask(viewer, report, elsewhere(question, ABSENT))
            foreign = await asked.ask(viewer, report, elsewhere(question, theirs))
            assert (foreign.data, foreign.students) == (absent.data, frozenset()), (role, question)
            hidden = question.get("student") not in {None, *school.seen.get(said, ())}
            if hidden and said != "no student":
                answer = await asked.ask(viewer, report, question)
                assert (answer.data, answer.students) == (absent.data, frozenset()), (role, question)


@pytest.mark.parametrize("report", [name for name, cells in report_sheet().items() if "nobody" in cells.values()])
async def test_who_gets_nothing_of_a_report_gets_what_somebody_without_a_role_gets(asked: Asked, report: str) -> None:
    school = asked.schools(report)[0]
    for role, said in report_sheet()[report].items():
        viewer = school.viewers[Role[role]]
        answers = [(await asked.ask(viewer, report, question)).data for question in school.questions(report)]
        assert all(not answer or not answer[report] for answer in answers) == (said == "nobody"), role
