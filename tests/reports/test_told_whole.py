"""A class told at once, from its root down: the same answers as field by field, whoever asks and whatever is there."""

from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from resolvers.reports.figures import RankMethod
from resolvers.viewer import Viewer
from tests.answers import Answer, run
from tests.conftest import School
from tests.database import OneConnection
from tests.factories import gid
from tests.reports.onlookers import SEEN, onlookers
from tests.reports.worked_school import worked_school

MATRIX = "courseGradeMatrix(course: $course, semester: $semester, method: $method)"
WHOLE = f"""{MATRIX} {{ __typename classSize ranked course {{ name }} semester {{ code schoolYear {{ code }} }} rows {{
    rank average student {{ firstName religion }} course {{ name }} subjects {{ rank subject {{ name }} }} }} }}"""
BODIES = {
    "no rows": f"{MATRIX} {{ ranked course {{ name }} }}",
    "type": f"{MATRIX} {{ __typename }}",
    "two classes": f"""a: {MATRIX} {{ course {{ name }} rows {{ rank student {{ id }} }} }}
        courseGradeMatrix(course: $other, semester: $semester) {{ classSize course {{ name }} rows {{ rank }} }}""",
    "beside a record": f"{MATRIX} {{ ranked rows {{ rank }} }} course(id: $other) {{ name }}",
    "lists below": f"{MATRIX} {{ course {{ name meetingDays teachers {{ user {{ fullName }} }} }} ranked }}",
    "wrong id": "courseGradeMatrix(course: $semester, semester: $semester, method: $method) { ranked }",
}
KINDS = {"course": "ID!", "other": "ID!", "semester": "ID!", "method": "RankMethod! = DENSE"}


def document(body: str, **kinds: str) -> str:
    declared = ", ".join(f"${name}: {kind}" for name, kind in (KINDS | kinds).items() if f"${name}" in body)
    return f"query ({declared}) {{ {body} }}"


def told(answer: Answer) -> tuple[Any, ...]:
    errors = [error.formatted for error in answer.errors]
    # As text, in which the order of the fields tells too.
    return str(answer.data), errors, answer.students, answer.redactions


async def both(connections: OneConnection, viewer: Viewer, document: str, variables: dict[str, Any]) -> Answer:
    """The answer of plans, which is that of graphql-core."""
    answers = [
        await run(connections, viewer, document, variables, planning=planning, refused=None)
        for planning in (True, False)
    ]
    assert told(answers[0]) == told(answers[1])
    return answers[0]


@pytest.mark.parametrize("name", SEEN)
async def test_a_class_is_told_to_each_viewer_as_field_by_field(
    session: AsyncSession, school: School, connections: OneConnection, name: str
) -> None:
    made = await worked_school(session, school)
    viewer = (await onlookers(session, school, made)).viewer(name)
    found = []
    for course in (made.course, made.empty, made.unmarked):
        asked = {"course": gid(course), "semester": gid(made.semester)}
        answer = await both(connections, viewer, document(WHOLE), asked)
        found.append(answer.found["courseGradeMatrix"])
        assert answer.planned == 1

    whole, empty, unmarked = found
    if name == "admin":
        assert ([each["classSize"] for each in found], empty["rows"]) == ([6, None, 1], [])
        assert unmarked["rows"][0]["subjects"] == []
    names = {row["student"]["firstName"] for row in whole["rows"]} if whole else set()
    assert names == set(SEEN[name]) - {"Deepak", "Indu"}


@pytest.mark.parametrize("kind", ["RankMethod! = DENSE", "RankMethod = COMPETITION"], ids=["required", "nullable"])
@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
async def test_whatever_is_asked_of_a_class_is_told_as_field_by_field(
    session: AsyncSession, school: School, connections: OneConnection, body: str, kind: str
) -> None:
    made = await worked_school(session, school)
    methods: list[dict[str, Any]] = [{}, {"method": None}, *({"method": each.name} for each in RankMethod)]
    for method in methods:
        for course, other in ((made.course, made.unmarked), (made.unmarked, made.empty), (made.empty, made.course)):
            keys = {"course": gid(course), "other": gid(other), "semester": gid(made.semester)}
            await both(connections, school.admin, document(body, method=kind), keys | method)
