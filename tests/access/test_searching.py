"""A search looks at the rows and values that its viewer sees, and at no others."""

from typing import Any

import pytest
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from models import Base, Course, Guardian, Role, Student, Subject, User
from resolvers.searching import HIT_LIMIT, lines
from tests.access.conftest import Stages
from tests.access.schools import PERSONAS, Persona
from tests.access.test_asking import Asking
from tests.conftest import Execute, School
from tests.factories import (
    create_course,
    create_guardian,
    create_school_year,
    create_student,
    create_user,
    enroll,
    link_guardian,
    teach,
)
from tests.reading.test_search import BORN, REGISTERED
from tests.schema_map import type_of

EVERYBODY = [pytest.param(persona, id=persona.name) for persona in PERSONAS]
SEARCHED: dict[type[Base], list[str]] = {
    Student: ["fullName", "preferredName", "studentNumber", "mobile", "phone", "email"],
    Guardian: ["fullName", "mobile", "phone", "email"],
    User: ["fullName", "firstName", "lastName", "username", "email", "mobile", "phone"],
    Course: ["name", "section"],
    Subject: ["name", "code"],
}


@pytest.mark.parametrize("persona", EVERYBODY)
@pytest.mark.parametrize("model", SEARCHED, ids=type_of)
async def test_hits_are_met_by_what_is_seen(stages: Stages, model: type[Base], persona: Persona) -> None:
    """Every value of every record is searched for, hidden or not; names are found wherever they are seen."""
    asking, kind = Asking(stages, persona), type_of(model)
    sight, everything = asking.expected.sight, stages.views[0].records[kind]
    rows = asking.in_use(model)
    for value in {row[name] for row in everything.values() for name in SEARCHED[model] if row[name]}:
        words = value.lower().split()
        found = set(await asking.ids(model, search=value))
        for key in found:
            seen = [row for name, row in rows[key].items() if name in SEARCHED[model] and sight.value(kind, name, key)]
            assert all(any(word in (said or "").lower() for said in seen) for word in words), (value, key)
        first = SEARCHED[model][0]
        assert {key for key, row in rows.items() if all(word in (row[first] or "").lower() for word in words)} <= found


def test_how_much_of_a_record_is_searched() -> None:
    """Values stand in the order of the models; what comes after the first hidden one is not looked at."""
    expected: dict[type[Base], dict[Role, int | None]] = {
        Guardian: {Role.STUDENT: 1},
        User: {Role.TEACHER: 3, Role.GUARDIAN: 3, Role.STUDENT: 3},
    }
    for model in SEARCHED:
        for role in Role:
            assert lines(model, frozenset({role})) == expected.get(model, {}).get(role), (model, role)
    assert lines(User, frozenset({Role.TEACHER, Role.REGISTRAR})) is None


async def crowd(session: AsyncSession, school: School, count: int) -> None:
    alike = {"institution_id": school.id, "first_name": "Many", "date_of_birth": BORN, "registration_date": REGISTERED}
    rows = [{**alike, "student_number": f"MANY-{n}", "last_name": f"{n:04}", "gender": "FEMALE"} for n in range(count)]
    await session.execute(insert(Student), rows)


async def test_hidden_hits_take_no_place_and_are_not_counted(
    session: AsyncSession, school: School, execute: Execute
) -> None:
    await crowd(session, school, HIT_LIMIT + 1)
    course = await create_course(session, await create_school_year(session, school))
    teacher = await create_user(session, school)
    await teach(session, course, teacher)
    # The last hit of all, by rank and key.
    await enroll(session, await create_student(session, school, first_name="Xmany", last_name="Own"), course)
    viewer = school.viewer(Role.TEACHER, user_id=teacher.id)
    document = '{ students(search: "many") { totalCount nodes { lastName } } }'
    answer = await execute(document, viewer=viewer)
    assert answer.found["students"] == {"totalCount": 1, "nodes": [{"lastName": "Own"}]}
    assert answer.statements == 3
    assert (await execute(document)).found["students"]["totalCount"] is None


@pytest.mark.parametrize("search", ["98765", "98765 devi", "devi\n98765", "parent@example.org", "devi 0805"])
async def test_a_line_break_in_a_name_brings_no_hidden_value_up(
    session: AsyncSession, school: School, execute: Execute, search: str
) -> None:
    user = await create_user(session, school)
    student = await create_student(session, school, user_id=user.id)
    hidden: dict[str, Any] = {"mobile": "9876500001", "phone": "0805556666", "email": "parent@example.org"}
    names = {"first_name": None, "last_name": None, "single_name": "Lakshmi\nDevi"}
    await link_guardian(session, student, await create_guardian(session, school, **names, **hidden))
    viewer = school.viewer(Role.STUDENT, user_id=user.id)
    document = "query ($search: String) { guardians(search: $search) { totalCount } }"
    found = (await execute(document, viewer=viewer, search=search)).found["guardians"]
    assert found["totalCount"] == 0
    assert (await execute(document, viewer=viewer, search="lakshmi")).found["guardians"]["totalCount"] == 1
    assert (await execute(document, search="98765")).found["guardians"]["totalCount"] == 1
