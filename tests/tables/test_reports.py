"""Reports as tables: the one list that a report selects is its rows, and what stands beside it is in each of them."""

from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from models import Role
from resolvers.viewer import Viewer
from tests.conftest import School
from tests.database import OneConnection
from tests.factories import gid
from tests.reports.aggregate_school import make_grouped
from tests.reports.attendance_asking import SEPTEMBER
from tests.reports.attendance_school import Register, make_register
from tests.reports.onlookers import Onlookers, onlookers
from tests.reports.worked_school import WorkedSchool, worked_school
from tests.tables.exporting import Apart, Asker, Door, column
from tests.tables.reading import sheet_of

REPORT = """query ($student: ID!, $course: ID!, $semester: ID!) {
    gradeReport(student: $student, course: $course, semester: $semester) {
        student { firstName } average rank subjects { subject { name } average missing } } }"""
MATRIX = """query ($course: ID!, $semester: ID!) {
    courseGradeMatrix(course: $course, semester: $semester) {
        classSize rows { student { firstName } average rank complete %s } } }"""
SUBJECTS = MATRIX % "subjects { subject { name } average }"
RANKING = """query ($semester: ID!, $course: ID%s) {
    ranking(semester: $semester, course: $course%s) { ranked rows { rank average student { firstName } } } }"""
WHOLE = RANKING % ("", "")
WINDOW = RANKING % (", $first: Int! = 25, $offset: Int! = 0", ", first: $first, offset: $offset")
REST = RANKING % (", $offset: Int! = 0", ", offset: $offset")
AGGREGATE = """query ($by: [AggregateBy!]!) { aggregate(of: GRADES, groupBy: $by) {
    complete groups { gradeLevel { code } gender students percentage } } }"""
ATTENDANCE = """query ($course: ID!, $from: Date!, $to: Date!) {
    attendanceReport(course: $course, from: $from, to: $to) { from course { name } %s } }"""


class Marks:
    """The worked school of marks, over /export."""

    def __init__(self, made: WorkedSchool, eyes: Onlookers, connections: OneConnection) -> None:
        self.made = made
        names = ("admin", "teacher", "mother", "student", "colleague", "nobody")
        viewers: dict[str, Viewer] = {name: eyes.viewer(name) for name in names}
        self.asker = Asker(Door(Apart(connections), viewers))

    @property
    def keys(self) -> dict[str, str]:
        return {"course": gid(self.made.course), "semester": gid(self.made.semester)}


@pytest.fixture
async def marks(session: AsyncSession, school: School, connections: OneConnection) -> Marks:
    made = await worked_school(session, school)
    return Marks(made, await onlookers(session, school, made), connections)


async def test_a_grade_report_has_a_row_for_each_subject(marks: Marks) -> None:
    student = gid(marks.made.students["Anita"])
    found = await marks.asker.table(REPORT, variables={**marks.keys, "student": student})

    assert found == [
        ["student.firstName", "average", "rank", "subjects.subject.name", "subjects.average", "subjects.missing"],
        ["Anita", "83.38", "1", "Art", "87.5", "0"],
        ["Anita", "83.38", "1", "English", "82", "0"],
        ["Anita", "83.38", "1", "Mathematics", "82", "0"],
    ]


async def test_a_matrix_has_a_row_for_each_student(marks: Marks) -> None:
    found = await marks.asker.table(MATRIX % "", variables=marks.keys)

    assert found[0] == ["classSize", "rows.student.firstName", "rows.average", "rows.rank", "rows.complete"]
    assert found[1] == ["6", "Anita", "83.38", "1", "yes"]
    answer = await marks.asker.graphql(MATRIX % "", **marks.keys)
    rows = answer["data"]["courseGradeMatrix"]["rows"]
    assert column(found, "rows.student.firstName") == [row["student"]["firstName"] for row in rows]
    assert column(found, "rows.average") == [row["average"] or "" for row in rows]
    lines = await marks.asker.lines(MATRIX % "", variables=marks.keys)
    assert lines == [{"classSize": 6, "rows": row} for row in rows]


async def test_the_subjects_of_a_matrix_are_rows_or_cells(marks: Marks) -> None:
    status, _, message = await marks.asker.refusal(SUBJECTS, variables=marks.keys)
    rows = await marks.asker.table(SUBJECTS, variables=marks.keys, lists="rows")
    cells = await marks.asker.table(SUBJECTS, variables=marks.keys, lists="cells")

    assert (status, message.split(" is ")[0]) == (400, "`rows.subjects`")
    assert [row[1:3] + row[5:] for row in rows[1:4]] == [
        ["Anita", "83.38", "Art", "87.5"],
        ["Anita", "83.38", "English", "82"],
        ["Anita", "83.38", "Mathematics", "82"],
    ]
    assert cells[1][5:] == ["Art; English; Mathematics", "87.5; 82; 82"]


@pytest.mark.parametrize(
    ("name", "seen"), [("teacher", 6), ("mother", 1), ("student", 1), ("colleague", None), ("nobody", None)]
)
async def test_everybody_gets_the_rows_that_the_report_shows(marks: Marks, name: str, seen: int | None) -> None:
    query = MATRIX % ""
    shown = (await marks.asker.graphql(query, name, **marks.keys))["data"]["courseGradeMatrix"]
    if shown is None:
        assert await marks.asker.refusal(query, name, variables=marks.keys) == (
            404,
            "NOT_FOUND",
            "`courseGradeMatrix` is not there, or not for you to see",
        )
        return
    found = await marks.asker.table(query, name, variables=marks.keys)
    assert column(found, "rows.student.firstName") == [row["student"]["firstName"] for row in shown["rows"]]
    assert len(found) - 1 == seen


async def test_a_ranking_is_had_whole_or_the_part_that_is_asked_for(
    marks: Marks, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = "rows.student.firstName"
    whole = column(await marks.asker.table(WHOLE, variables=marks.keys), names)
    asked = await marks.asker.table(WINDOW, variables={**marks.keys, "first": 2, "offset": 1})
    from_there = await marks.asker.table(REST, variables={**marks.keys, "offset": 3})

    assert whole == ["Anita", "Binod", "Chitra", "Farid", "Esha"]
    assert (column(asked, names), column(from_there, names)) == (whole[1:3], whole[3:])

    # Longer ones come in parts too.
    monkeypatch.setattr("app.tables.walk.PART_LIMIT", 2)
    in_parts = await marks.asker.table(WHOLE, variables=marks.keys)
    assert column(in_parts, names) == whole
    assert column(in_parts, "ranked") == ["5"] * 5


async def test_an_attendance_report_has_the_rows_of_the_list_that_it_selects(
    session: AsyncSession, school: School, connections: OneConnection
) -> None:
    register: Register = await make_register(session, school)
    asker = Asker(Door(Apart(connections), {"admin": school.viewer(Role.ADMIN)}))
    keys: dict[str, Any] = {"course": gid(register.courses["5A"]), **SEPTEMBER}
    days, students = (
        "days { date session outcome student { firstName } }",
        "students { percentage student { firstName } }",
    )

    found = {part: await asker.table(ATTENDANCE % part, variables=keys) for part in (days, students)}
    both = await asker.refusal(ATTENDANCE % f"{days} {students}", variables=keys)
    alone = await asker.table(ATTENDANCE % "total { present }", variables=keys)

    shown = (await asker.graphql(ATTENDANCE % f"{days} {students}", **keys))["data"]["attendanceReport"]
    header = ["from", "course.name", "days.date", "days.session", "days.outcome", "days.student.firstName"]
    assert found[days][0] == header
    assert column(found[days], "days.outcome") == [each["outcome"] for each in shown["days"]]
    assert set(column(found[days], "from")) == {"01-09-2025"}
    assert column(found[students], "students.percentage") == [each["percentage"] or "" for each in shown["students"]]
    assert both[2] == "`days` and `students` are two lists, of which only one can be the rows: export one of them"
    assert len(alone) == 2


async def test_a_file_leaves_out_the_groups_that_an_aggregate_leaves_out(
    session: AsyncSession, school: School, connections: OneConnection
) -> None:
    """6 M is one boy and 7 F two girls; the rest of 5, 6 and 7 would tell of them."""
    await make_grouped(session, school)
    asker = Asker(Door(Apart(connections), {"admin": school.viewer(Role.ADMIN)}))
    by = {"by": ["GRADE_LEVEL", "GENDER"]}

    found = await asker.table(AGGREGATE, variables=by)
    lines = await asker.lines(AGGREGATE, variables=by)
    book = sheet_of((await asker.export(AGGREGATE, variables=by, format="xlsx")).content)

    assert found == [
        ["complete", "groups.gradeLevel.code", "groups.gender", "groups.students", "groups.percentage"],
        ["no", "8", "FEMALE", "4", "75"],
        ["no", "8", "MALE", "6", "65"],
    ]
    shown = (await asker.graphql(AGGREGATE, by=by["by"]))["data"]["aggregate"]
    assert lines == [{"complete": False, "groups": group} for group in shown["groups"]]
    assert book[1:] == [[False, "8", "FEMALE", 4, 75], [False, "8", "MALE", 6, 65]]
