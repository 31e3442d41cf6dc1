"""What the statements of attendance read: only the partitions of the days asked for."""

import re

import pytest

from models import Role
from resolvers.context import PLANNED_AFRESH
from resolvers.reports.aggregate_groups import AggregateBy, AggregateOf
from resolvers.reports.aggregate_statements import groups
from resolvers.reports.attendance_figures import by_student, sessions, summary
from resolvers.reports.attendance_groups import by_section, chronic, missing
from resolvers.reports.attendance_rules import AttendancePolicy
from resolvers.reports.attendance_sessions import Narrow
from resolvers.statements import Statement
from tests.conftest import Execute, School
from tests.database import OneConnection
from tests.factories import gid
from tests.reports.attendance_school import Register

TAKEN = AttendancePolicy.TAKEN
ALL, COURSE, STUDENT = [
    Narrow(frozenset({role}), **which)
    for role, which in ((Role.ADMIN, {}), (Role.TEACHER, {"course": True}), (Role.GUARDIAN, {"student": True}))
]
YEAR = 'from: "2025-06-01", to: "2026-05-31"'
STATEMENTS = {
    "summary of a course": summary(COURSE, TAKEN),
    "summary of a student": summary(STUDENT, TAKEN),
    "students of a course": by_student(COURSE, TAKEN),
    "sessions of a course": sessions(COURSE, TAKEN),
    "sections": by_section(ALL, TAKEN),
    "chronic absence": chronic(ALL, TAKEN),
    "missing rosters": missing(ALL),
    "aggregate": groups(AggregateOf.ATTENDANCE, (AggregateBy.GENDER,), ALL.roles),
}
ASKED = {
    "class": f'attendanceReport(course: "5A", {YEAR}) {{ students {{ expected }} }}',
    "summary": f'attendanceSummary(course: "5A", {YEAR}) {{ expected }}',
    "sections": f"attendanceStatistics({YEAR}) {{ groups {{ expected }} }}",
    "chronic absence": f"chronicAbsence({YEAR}) {{ students {{ missed }} }}",
    "missing rosters": 'missingAttendance(date: "2025-09-10") { students }',
    "aggregate": "aggregate(of: ATTENDANCE, groupBy: [GENDER]) { groups { expected } }",
}


@pytest.mark.parametrize("statement", STATEMENTS.values(), ids=STATEMENTS)
@pytest.mark.parametrize("mode", ["force_generic_plan", "force_custom_plan"])
async def test_only_the_partitions_of_the_days_are_read(
    connections: OneConnection, school: School, register: Register, statement: Statement, mode: str
) -> None:
    given = {"tenant": str(school.id), "since": "'2025-09-01'", "through": "'2025-09-30'", "zone": "'Asia/Kolkata'"}
    given |= {"viewer": "1", "course": "1", "student": "1", "first": "10", "threshold": "10", "least": "1"}
    given |= {name: f"'{value}'" for name, value in statement.constants.items() if name not in given}
    connection = await connections.driver()
    await connection.execute(f"SET LOCAL plan_cache_mode = {mode}; PREPARE asked AS {statement.sql}")

    values = ", ".join(given[name] for name in statement.parameters)
    plan = "\n".join(row[0] for row in await connection.fetch(f"EXPLAIN EXECUTE asked({values})"))
    await connection.execute("DEALLOCATE asked")

    assert set(re.findall(r" on (attendance_p(?:\d{4}|default))\b", plan)) == {"attendance_p2025"}, plan


@pytest.mark.parametrize("asked", ASKED.values(), ids=ASKED)
async def test_a_report_is_planned_for_its_days(
    connections: OneConnection, execute: Execute, register: Register, asked: str
) -> None:
    """Planned for any days, five million marks are taken for a few thousand, and read by an index one by one.

    Of a class all half days of a year would be taken for one, and each would be compared with every mark.
    """
    connection, sent = await connections.driver(), []
    connection.add_query_logger(note := lambda query: sent.append(query.query))

    await execute("{ courses { nodes { id } } }")
    before = list(sent)
    await execute(f"{{ {asked.replace('5A', gid(register.courses['5A']))} }}")
    connection.remove_query_logger(note)

    assert PLANNED_AFRESH not in before
    assert sent.index(PLANNED_AFRESH) < next(
        n for n, text in enumerate(sent) if n >= len(before) and "FROM attendance_taken" in text
    )
