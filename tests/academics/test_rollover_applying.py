"""A plan for the next school year applied: what the two years look like after it, and when it is refused."""

import datetime
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from models import EnrollmentStatus, ExitReason, Role, StudentStatus
from tests.academics.rollover_school import Years, apply, create_years, decide, decide_all, plan
from tests.answers import NOW
from tests.audited import audited
from tests.conftest import Execute, School
from tests.database import OneConnection
from tests.factories import admit, create_course, create_student, enroll, gid
from tests.mutating import done, mutate
from tests.writing.sent import sent

STUDENTS = """{ students(first: 100, orderBy: [{ field: FIRST_NAME }]) { nodes {
    firstName status schoolYear { code } gradeLevel { code }
    schoolEnrollments { schoolYear { code } gradeLevel { code } entryDate entryType exitDate exitReason }
    enrollments { course { name schoolYear { code } } status beginDate endDate }
} } }"""
OLD, NEW = "2024-2025", "2025-2026"


async def applied(execute: Execute, made: Years) -> dict[str, Any]:
    await decide_all(execute, await plan(execute, made), made)
    return await apply(execute, await plan(execute, made))


async def students(execute: Execute) -> dict[str, Any]:
    return {each["firstName"]: each for each in (await execute(STUDENTS)).found["students"]["nodes"]}


def spans(student: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Year, grade level, how the student came, and why the span ended, of each."""
    return [
        (each["schoolYear"]["code"], (each["gradeLevel"] or {}).get("code"), each["entryType"], each["exitReason"])
        for each in student["schoolEnrollments"]
    ]


def courses(student: dict[str, Any]) -> list[tuple[Any, ...]]:
    found = [
        (each["course"]["schoolYear"]["code"], each["course"]["name"], each["status"], each["endDate"])
        for each in student["enrollments"]
    ]
    return sorted(found, key=str)


ENDED = (OLD, "I", "NEW", "COMPLETED")
HOME = (OLD, "IA", "COMPLETED", "2025-04-30")
# The spans and courses of each after it.
AFTER: dict[str, tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]] = {
    "Asha": (
        [ENDED, (NEW, "II", "PROMOTED", None)],
        [
            HOME,
            (OLD, "Music I", "COMPLETED", "2025-04-30"),
            (NEW, "IIA", "ACTIVE", None),
            (NEW, "Music II", "ACTIVE", None),
        ],
    ),
    "Bala": ([ENDED, (NEW, "I", "OTHER", None)], [HOME, (NEW, "IA", "ACTIVE", None)]),
    "Chitra": (
        [ENDED, (NEW, "II", "PROMOTED", None)],
        [HOME, (OLD, "Music I", "PENDING", "2025-04-30"), (NEW, "IIA", "ACTIVE", None)],
    ),
    "Dev": ([ENDED, (NEW, "II", "PROMOTED", None)], [(OLD, "IB", "COMPLETED", "2025-04-30")]),
    "Esha": ([(OLD, "III", "NEW", "GRADUATED")], [(OLD, "IIIA", "COMPLETED", "2025-04-30")]),
    "Farid": (
        [(OLD, "III", "NEW", "COMPLETED"), (NEW, "III", "OTHER", None)],
        [(OLD, "IIIA", "COMPLETED", "2025-04-30"), (NEW, "IIIA", "ACTIVE", None)],
    ),
    "Gita": ([(OLD, "X", "NEW", "TRANSFERRED")], [(OLD, "XA", "COMPLETED", "2025-04-30")]),
    "Hari": ([(OLD, None, "NEW", None)], []),
    "Indu": ([(OLD, "I", "NEW", "DROPPED_OUT")], [HOME]),
    "Jaya": ([("2023-2024", "I", "NEW", "COMPLETED"), (NEW, "I", "OTHER", None)], [HOME, (NEW, "IA", "ACTIVE", None)]),
    "Kiran": ([(OLD, "I", "NEW", None)], [(OLD, "IA", "ACTIVE", None)]),
    "Mohan": ([ENDED, (NEW, "II", "PROMOTED", None)], [HOME, (NEW, "IIA", "ACTIVE", None)]),
}


async def test_the_old_year_ends_and_the_new_one_begins(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    made = await create_years(session, school)
    await decide_all(execute, await plan(execute, made), made)
    planned = await plan(execute, made)
    async with audited(connections, school):
        answer = await apply(execute, planned)
    operation = answer["operation"]
    assert answer == {
        **{"schoolEnrollmentsEnded": 10, "schoolEnrollmentsBegun": 7, "enrollmentsEnded": 12, "enrollmentsBegun": 7},
        "operation": operation,
        "rolloverPlan": {
            **{"status": "APPLIED", "appliedAt": NOW.isoformat(), "operation": operation},
            **{"students": 11, "promoted": 4, "retained": 3, "leaving": 3, "skipped": 1, "undecided": 0},
        },
    }
    found = await students(execute)
    assert {name: (spans(each), courses(each)) for name, each in found.items()} == AFTER
    asha = found["Asha"]
    assert (asha["status"], asha["schoolYear"], asha["gradeLevel"]) == ("ACTIVE", {"code": NEW}, {"code": "II"})
    assert [each["exitDate"] for each in asha["schoolEnrollments"]] == ["2025-04-30", None]
    assert asha["schoolEnrollments"][1]["entryDate"] == "2025-06-01"
    gone = {name for name, each in found.items() if each["status"] == "INACTIVE"}
    assert gone == {"Esha", "Gita", "Indu"}


async def test_the_year_after_is_planned_from_the_new_one(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    made = await create_years(session, school)
    await applied(execute, made)
    # Who was skipped is all that is left of the old year.
    assert (await plan(execute, made))["lines"].keys() == {"Hari"}
    later = {"code": "2026-2027", "startDate": "2026-06-01", "endDate": "2027-04-30"}
    assert (await mutate(execute, "createSchoolYear", "__typename", **later))["errors"] == []
    made.ends = made.begins
    lines = (await plan(execute, made))["lines"]
    assert {name: (each["decision"], (each["toGradeLevel"] or {}).get("code")) for name, each in lines.items()} == {
        **dict.fromkeys(("Asha", "Chitra", "Dev", "Mohan"), ("PROMOTE", "III")),
        **dict.fromkeys(("Bala", "Jaya"), ("PROMOTE", "II")),
        "Hari": ("UNDECIDED", None),
        "Farid": ("LEAVE", None),
    }
    assert lines["Asha"]["fromCourse"] == {"name": "IIA"}


async def refusal(execute: Execute, planned: dict[str, Any], **more: Any) -> str:
    given = {"id": planned["id"], "version": planned["version"], **more}
    (error,) = (await mutate(execute, "applyRollover", "__typename", **given))["errors"]
    assert error["field"] == ["id"]
    return str(error["message"])


async def test_a_plan_whose_basis_has_changed_is_refused_by_what_changed(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    made = await create_years(session, school)
    await decide_all(execute, await plan(execute, made), made)
    planned = await plan(execute, made)
    numbers = {name: student.student_number for name, student in made.students.items()}
    leave = text("UPDATE school_enrollment SET exit_date = '2025-03-31' WHERE student_id = :student")
    await session.execute(leave, {"student": made.students["Dev"].id})
    await session.execute(text("UPDATE grade SET score = 9 WHERE student_id = :s"), {"s": made.students["Bala"].id})
    made.courses["IIIA next"].section = "B"
    new = await create_student(session, school, first_name="Nila")
    await admit(session, new, made.ends, grade_level_id=made.levels["I"].id)
    async with audited(connections, school, nothing=True):
        message = await refusal(execute, planned)
    assert message == (
        "id: what the plan went by has changed, so plan again:"
        f" {numbers['Dev']}: does not belong to the school any more;"
        f" {numbers['Bala']}: other marks, what follows from the rules, next grade level,"
        " class in the year that begins;"
        f" {numbers['Farid']}: other class in the year that begins;"
        f" {new.student_number}: has come since"
    )
    again = await plan(execute, made)
    assert (await apply(execute, again))["schoolEnrollmentsEnded"] == 10


async def test_what_is_undecided_has_to_be_decided_first(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    made = await create_years(session, school)
    planned = await plan(execute, made)
    names = "; ".join(made.students[name].student_number for name in ("Gita", "Hari", "Indu", "Jaya"))
    async with audited(connections, school, nothing=True):
        assert await refusal(execute, planned) == f"id: of 4 students it has to be decided first: {names}"


async def test_who_leaves_has_no_courses_in_the_new_year_and_classes_are_still_there(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    made = await create_years(session, school)
    planned = await plan(execute, made)
    await decide_all(execute, planned, made)
    other = await create_course(session, made.begins, name="II C", section="C", grade_level_id=made.levels["II"].id)
    await decide(execute, planned, "Dev", toCourse=gid(other))
    planned = await plan(execute, made)
    other.deleted_at = datetime.datetime(2025, 1, 1, tzinfo=datetime.UTC)
    await enroll(session, made.students["Esha"], made.courses["IA next"])
    dev, esha = (made.students[name].student_number for name in ("Dev", "Esha"))
    async with audited(connections, school, nothing=True):
        assert await refusal(execute, planned) == (
            "id: change these lines or enrolments first:"
            f" {dev}: the class is not one of the grade level any more;"
            f" {esha}: leaves, and is enrolled in the year that begins"
        )


async def test_a_year_that_has_not_ended_is_not_ended_by_a_plan(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    made = await create_years(session, school)
    await applied(execute, made)
    later = {"code": "2026-2027", "startDate": "2026-06-01", "endDate": "2027-04-30"}
    assert (await mutate(execute, "createSchoolYear", "__typename", **later))["errors"] == []
    made.ends = made.begins
    planned = await plan(execute, made)
    async with audited(connections, school, nothing=True):
        message = await refusal(execute, planned)
    assert message == "id: 2025-2026 ends on 2026-04-30: apply the plan when that day has come"


async def test_the_same_call_is_carried_out_once(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    made = await create_years(session, school)
    await decide_all(execute, await plan(execute, made), made)
    planned = await plan(execute, made)
    answer = await apply(execute, planned, idempotencyKey="rollover-2025")
    async with audited(connections, school, nothing=True):
        assert await apply(execute, planned, idempotencyKey="rollover-2025") == answer
        given = {"id": planned["id"], "version": planned["version"]}
        payload = await mutate(execute, "applyRollover", "rolloverPlan { id version }", **given)
    assert payload["rolloverPlan"] == {"id": planned["id"], "version": planned["version"] + 1}
    assert [(error["code"], error["field"]) for error in payload["errors"]] == [("CONFLICT", ["version"])]


async def _many(session: AsyncSession, school: School, made: Years, count: int) -> None:
    """Of each kind as many: who moves on with music, who leaves, who has not begun music."""
    for _ in range(count):
        for level, status in (("I", EnrollmentStatus.ACTIVE), ("III", None), ("I", EnrollmentStatus.PENDING)):
            student = await create_student(session, school)
            await admit(session, student, made.ends, grade_level_id=made.levels[level].id)
            first = {"begin_date": made.ends.start_date}
            await enroll(session, student, made.courses[f"{level}A"], **first)
            if status is not None:
                await enroll(session, student, made.courses["Music I"], **first, status=status)


async def test_the_number_of_students_costs_no_statement(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    made = await create_years(session, school)
    await decide_all(execute, await plan(execute, made), made)
    costs = []
    for count in (1, 15):
        await _many(session, school, made, count)
        calls: list[int] = []
        async with sent(connections) as statements:
            given = {"fromSchoolYear": gid(made.ends)}
            planned = (await done(execute, "planRollover", "rolloverPlan { id version }", **given))["rolloverPlan"]
        calls.append(len(statements))
        async with sent(connections) as statements:
            answer = await done(execute, "applyRollover", "operation enrollmentsEnded", **planned)
        calls.append(len(statements))
        async with sent(connections) as statements:
            undone = await done(execute, "undo", "restored", operation=answer["operation"])
        calls.append(len(statements))
        assert undone["restored"] > answer["enrollmentsEnded"] > 5 * count
        costs.append(calls)
    assert costs[0] == costs[1]


async def test_rows_that_are_left_alone(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    """An enrolment that has ended keeps its last day, and one that was made before is not made again."""
    made = await create_years(session, school)
    asha = made.students["Asha"]
    early = await enroll(session, asha, made.courses["IIA next"])
    music = (await students(execute))["Asha"]["enrollments"]
    assert len(music) == 3
    home = await session.scalar(select(type(early)).filter_by(student_id=asha.id, course_id=made.courses["IA"].id))
    assert home is not None
    home.end_date = datetime.date(2025, 3, 31)
    await session.flush()
    answer = await applied(execute, made)
    assert answer["enrollmentsBegun"] == 6
    found = courses((await students(execute))["Asha"])
    assert (OLD, "IA", "COMPLETED", "2025-03-31") in found
    assert [each for each in found if each[1] == "IIA"] == [(NEW, "IIA", "ACTIVE", None)]


async def test_who_may_plan_and_who_may_apply(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    made = await create_years(session, school)
    registrar = {"viewer": school.viewer(Role.REGISTRAR)}
    planned = await plan(execute, made, **registrar)
    document = "mutation($input: ApplyRolloverInput!) { applyRollover(input: $input) { operation } }"
    given = {"id": planned["id"], "version": 1}
    answer = await execute(document, refused=True, input=given, **registrar)
    assert answer.refusal[0] == "FORBIDDEN"
    assert made.students["Esha"].status is StudentStatus.ACTIVE
    assert planned["lines"]["Esha"]["exitReason"] == ExitReason.GRADUATED
