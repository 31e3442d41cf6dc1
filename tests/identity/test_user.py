"""Users: their accounts, without anything that could open them."""

import datetime

import pytest
from graphql import GraphQLInputObjectType
from sqlalchemy.ext.asyncio import AsyncSession

from models import Role, UserStatus
from tests.conftest import Execute, School
from tests.factories import (
    create_course,
    create_school_year,
    create_student,
    create_subject,
    create_user,
    gid,
    give_role,
    grade,
    name_outside,
    teach,
)
from tests.schema_map import GRAPHQL, object_type


async def test_a_user_by_id_with_all_that_hangs_on_it(session: AsyncSession, school: School, execute: Execute) -> None:
    user = await create_user(
        session,
        school,
        username="Meera.Nair",
        first_name="Meera",
        last_name="Nair",
        status=UserStatus.INACTIVE,
        preferences={"theme": "dark", "columns": [1, None]},
        last_login_at=datetime.datetime(2025, 9, 1, tzinfo=datetime.UTC),
    )
    role = await give_role(session, user, Role.TEACHER)
    course = await create_course(session, await create_school_year(session, school))
    teacher = await teach(session, course, user)
    student, subject = await create_student(session, school), await create_subject(session, school)
    days = [datetime.date(2025, 9, day) for day in (1, 2)]
    marks = [await grade(session, student, course, subject, graded_by_id=user.id, date=day) for day in days]
    await name_outside(session, user, value="u-1")
    document = """query($id: ID!) { user(id: $id) {
        fullName username email status mustChangePassword lastLoginAt preferences
        roles { id } courses { id } gradesGiven { totalCount nodes { id } } externalIds { value }
    } }"""
    assert (await execute(document, id=gid(user))).found["user"] == {
        "fullName": "Meera Nair",
        "username": "Meera.Nair",
        "email": None,
        "status": "INACTIVE",
        "mustChangePassword": False,
        "lastLoginAt": "2025-09-01T00:00:00+00:00",
        "preferences": {"theme": "dark", "columns": [1, None]},
        "roles": [{"id": gid(role)}],
        "courses": [{"id": gid(teacher)}],
        "gradesGiven": {"totalCount": 2, "nodes": [{"id": gid(marks[1])}, {"id": gid(marks[0])}]},
        "externalIds": [{"value": "u-1"}],
    }


@pytest.mark.parametrize(
    ("first_name", "last_name", "username", "email", "full_name"),
    [
        ("Meera", "Nair", "meera", None, "Meera Nair"),
        ("Meera", None, "meera", None, "Meera"),
        (None, "Nair", "meera", None, "Nair"),
        (None, None, "meera", "m@example.org", None),
    ],
)
async def test_the_whole_name_is_made_of_names_alone(
    session: AsyncSession,
    school: School,
    execute: Execute,
    first_name: str | None,
    last_name: str | None,
    username: str | None,
    email: str | None,
    full_name: str | None,
) -> None:
    """Those who may not see user names and e-mails see whole names."""
    user = await create_user(
        session, school, first_name=first_name, last_name=last_name, username=username, email=email
    )
    found = (await execute("query($id: ID!) { user(id: $id) { fullName } }", id=gid(user))).found["user"]
    assert found == {"fullName": full_name}


async def test_me_is_who_asks(session: AsyncSession, school: School, execute: Execute) -> None:
    user = await create_user(session, school, username="meera")
    document = "{ me { id username roles { role } } }"
    for roles in ((Role.ADMIN,), (Role.STUDENT,), ()):
        found = (await execute(document, viewer=school.viewer(*roles, user_id=user.id))).found["me"]
        assert found == {"id": gid(user), "username": "meera", "roles": []}
    assert (await execute(document)).found["me"] is None


async def test_retired_users_leave_lists_and_stay_in_records(
    session: AsyncSession, school: School, execute: Execute
) -> None:
    user = await create_user(session, school, last_name="Gone", deleted_at=datetime.datetime.now(datetime.UTC))
    teacher = await teach(session, await create_course(session, await create_school_year(session, school)), user)
    document = """query($teacher: ID!) {
        users(where: { lastName: { eq: "Gone" } }) { totalCount nodes { id } }
        found: users(search: "gone") { totalCount }
        courseTeacher(id: $teacher) { user { lastName } }
    }"""
    assert (await execute(document, teacher=gid(teacher))).found == {
        "users": {"totalCount": 0, "nodes": []},
        "found": {"totalCount": 0},
        "courseTeacher": {"user": {"lastName": "Gone"}},
    }


def test_no_field_shows_what_opens_an_account() -> None:
    hidden = {"passwordHash", "password", "failedLogins", "lockedUntil", "lastFailedLoginAt", "usernameFolded"}
    assert hidden.isdisjoint(object_type("User").fields)
    for name, kind in GRAPHQL.type_map.items():
        fields = getattr(kind, "fields", {})
        assert not [field for field in fields if "hash" in field.lower() or "sealed" in field.lower()], name
    shown = [kind for kind in GRAPHQL.type_map.values() if "password" in getattr(kind, "fields", {})]
    # A first password is told to whoever has the account made, once.
    told = {kind.name for kind in shown if not isinstance(kind, GraphQLInputObjectType)}
    assert told == {"CreateInstitutionPayload"}


@pytest.mark.parametrize("field", ["passwordHash", "failedLogins", "nationalIdSealed"])
def test_nothing_secret_can_be_filtered_or_sorted_by(field: str) -> None:
    for name, kind in GRAPHQL.type_map.items():
        if name.endswith("Where"):
            assert field not in getattr(kind, "fields", {})
        if name.endswith("OrderField"):
            assert field.upper() not in getattr(kind, "values", {})
