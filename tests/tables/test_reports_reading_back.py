"""A report that is exported is the report: read back, each format holds what the API answers."""

from collections.abc import Sequence
from typing import Any

import pytest
from graphql import GraphQLObjectType, get_named_type
from sqlalchemy.ext.asyncio import AsyncSession

from models import Role
from tests.conftest import School
from tests.database import OneConnection
from tests.factories import gid
from tests.reports.attendance_asking import SEPTEMBER
from tests.reports.attendance_school import FIGURES, make_register
from tests.reports.worked_school import worked_school
from tests.schema_map import GRAPHQL
from tests.tables.exporting import Apart, Asker, Door
from tests.tables.reading import api_form, day_of, sheet_of

SPAN = "query ($from: Date!, $to: Date!)"
STUDENT = "student { firstName lastName }"
OF_ATTENDANCE = {
    "attendanceStatistics": f"""{SPAN} {{ attendanceStatistics(from: $from, to: $to) {{
        from to through groups {{ gradeLevel {{ code }} section students {" ".join(FIGURES)} }} }} }}""",
    "chronicAbsence": f"""{SPAN} {{ chronicAbsence(from: $from, to: $to, threshold: 5, minimumDays: 1) {{
        threshold minimumDays students {{ {STUDENT} counted missed missedPercentage percentage }} }} }}""",
    "missingAttendance": '{ missingAttendance(date: "2025-09-12") { course { name } session students marked } }',
    "rosters": f"""{{ rosters(asOf: "2025-09-04") {{
        asOf course {{ name section }} students {{ beginDate endDate {STUDENT} enrollment {{ status }} }} }} }}""",
}
OF_A_SEMESTER = {
    "studentPerformance": f"""studentPerformance(semester: $semester) {{ {STUDENT} course {{ name }}
        gradeLevel {{ code }} section subjectCount markCount exact average letter passed rank }}""",
    "missingGrades": f"""missingGrades(semester: $semester) {{ {STUDENT} course {{ name }} subject {{ name }}
        markCount missing }}""",
}
OF_A_COURSE = "subject { name } students expected marked passed markCount exempt missing exact mean lowest highest"
OF_MARKS = {
    **{name: f"query ($semester: ID!) {{ {text} }}" for name, text in OF_A_SEMESTER.items()},
    "courseGradeSummary": f"""query ($semester: ID!, $course: ID!) {{
        courseGradeSummary(semester: $semester, course: $course) {{
            course {{ name section }} subjects {{ {OF_A_COURSE} }} }} }}""",
    "transcript": f"""query ($student: ID!) {{ transcript(student: $student) {{ {STUDENT} credits gpa terms {{
        semester {{ name }} credits gpa cumulativeCredits cumulativeGpa results {{
            course {{ name }} subject {{ name }} exact average letter points passed credits earned }} }} }} }}""",
}


def flat(value: Any, path: str = "", *, listed: bool = False) -> list[dict[str, Any]]:
    """A row for each item of the innermost list, with the values of all that it hangs below, by their paths.

    An item of a list whose own list is empty is a row without what would be in that.
    """
    if isinstance(value, list):
        return [row for each in value for row in flat(each, path, listed=True)] or [{}] * listed
    if not isinstance(value, dict):
        return [{path: value}]
    rows: list[dict[str, Any]] = [{}]
    for name, below in value.items():
        rows = [row | more for row in rows for more in flat(below, f"{path}.{name}" if path else name, listed=listed)]
    return rows


def kind_of(report: str, path: str) -> str:
    """The type of what stands at a path below a report."""
    assert GRAPHQL.query_type is not None
    found: Any = get_named_type(GRAPHQL.query_type.fields[report].type)
    for name in path.split("."):
        assert isinstance(found, GraphQLObjectType)
        found = get_named_type(found.fields[name].type)
    return str(found.name)


def of_a_sheet(kind: str, cell: Any) -> Any:
    """A cell of a workbook in the form of the API; numbers by their value."""
    if cell is None or kind not in ("Date", "Decimal", "Int"):
        return cell
    return day_of(cell).isoformat() if kind == "Date" else float(cell)


def by_value(kind: str, value: Any) -> Any:
    return float(value) if value is not None and kind in ("Decimal", "Int") else value


async def read_back(asker: Asker, report: str, query: str, variables: dict[str, str]) -> None:
    """All formats hold what the API answers."""
    answer = await asker.graphql(query, **variables)
    shown = flat(answer["data"][report])
    asked: dict[str, Any] = {"variables": variables, "lists": "rows"}

    header, *cells = await asker.table(query, **asked)
    sheet: Sequence[list[Any]] = sheet_of((await asker.export(query, format="xlsx", **asked)).content)[1:]
    lines = await asker.lines(query, variables=variables)

    kinds = [kind_of(report, path) for path in header]
    rows = [[row.get(path) for path in header] for row in shown]
    assert len(rows) > 1
    assert [list(map(api_form, kinds, row)) for row in cells] == [[None if v == "" else v for v in row] for row in rows]
    assert flat(lines) == shown
    padded = ([*row, *[None] * (len(header) - len(row))] for row in sheet)
    assert [list(map(of_a_sheet, kinds, row)) for row in padded] == [
        [None if value == "" else by_value(kind, value) for kind, value in zip(kinds, row, strict=True)] for row in rows
    ]


@pytest.mark.parametrize("report", OF_ATTENDANCE)
async def test_attendance_that_is_exported_is_what_the_api_answers(
    session: AsyncSession, school: School, connections: OneConnection, report: str
) -> None:
    await make_register(session, school)
    query = OF_ATTENDANCE[report]
    asker = Asker(Door(Apart(connections), {"admin": school.viewer(Role.ADMIN)}))

    await read_back(asker, report, query, SEPTEMBER if query.startswith(SPAN) else {})


@pytest.mark.parametrize("report", OF_MARKS)
async def test_marks_that_are_exported_are_what_the_api_answers(
    session: AsyncSession, school: School, connections: OneConnection, report: str
) -> None:
    made, query = await worked_school(session, school), OF_MARKS[report]
    keys = {"semester": gid(made.semester), "course": gid(made.course), "student": gid(made.students["Anita"])}
    asker = Asker(Door(Apart(connections), {"admin": school.viewer(Role.ADMIN)}))

    await read_back(asker, report, query, {name: key for name, key in keys.items() if f"${name}" in query})
