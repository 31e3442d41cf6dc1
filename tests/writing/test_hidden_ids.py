"""An id in a mutation's input that is another school's is like one of a record that does not exist.

For every mutation and every id that it takes: the same refusal word for word, after the same statements.
"""

import re
from typing import Any

import pytest
from graphql import GraphQLInputObjectType, get_named_type

from models import Base, Role, Session
from resolvers.permissions import MUTATIONS, Anyone
from schema.node import identity
from tests.answers import run
from tests.schema_map import entities, object_type, type_of
from tests.worlds import Worlds
from tests.writing.test_permissions import least

pytestmark = pytest.mark.any_database

FIELDS = object_type("Mutation").fields
TYPES = {type_of(model): model for model in entities()}
VERBS = re.compile(
    r"^(update|delete|remove|retire|restore|unlock|revoke|setCurrent|suspend|resume|open|close|reopen|drop|complete)"
)
# Where a mutation or a field has another name than the type.
CALLED = {
    "Category": "AssessmentCategory",
    "Role": "UserRole",
    "Students": "Student",
    "NextLevel": "GradeLevel",
    "GradeEntry": "Semester",
    "Setting": "ConfigurationSetting",
    "GuardianLink": "StudentGuardian",
    # Of any type: a student stands for all.
    "Record": "Student",
    "setStudentPhoto": "Student",
    "clearStudentPhoto": "Student",
    "setUserPhoto": "User",
    "clearUserPhoto": "User",
    "setSchoolLogo": "SchoolProfile",
    "clearSchoolLogo": "SchoolProfile",
    "TeacherComment": "ReportCardComment",
    "HeadComment": "ReportCardComment",
    "FromSchoolYear": "SchoolYear",
    "ToSchoolYear": "SchoolYear",
    "ToGradeLevel": "GradeLevel",
    "ToCourse": "Course",
    "applyRollover": "RolloverPlan",
    "leaveSchool": "SchoolEnrollment",
    "unassignTeacher": "CourseTeacher",
    "unlinkGuardian": "StudentGuardian",
}
# What is named by an id and is no record that has a type: tested where it is at home.
NO_RECORDS = {("undo", "operation")}
ERRORS = "errors { code field message currentVersion }"


def input_of(name: str) -> GraphQLInputObjectType | None:
    argument = FIELDS[name].args.get("input")
    kind = get_named_type(argument.type) if argument else None
    return kind if isinstance(kind, GraphQLInputObjectType) else None


def model_of(name: str, field: str) -> type[Base]:
    """Which record an id of an input means: by the field's name, and `id` by the mutation's."""
    spelled = VERBS.sub("", name) if field == "id" else field[0].upper() + field[1:]
    return TYPES[CALLED.get(spelled, spelled)]


def named(name: str) -> list[str]:
    """The fields of a mutation's input that are ids."""
    kind = input_of(name)
    return [field for field, each in kind.fields.items() if get_named_type(each.type).name == "ID"] if kind else []


def ids() -> list[tuple[str, str]]:
    return [(name, field) for name in FIELDS for field in named(name) if (name, field) not in NO_RECORDS]


def test_there_are_ids_to_try() -> None:
    assert {("updateUser", "id"), ("grantRole", "user"), ("eraseSubject", "student"), ("revokeSession", "id")} <= set(
        ids()
    )


def filled(worlds: Worlds, name: str, field: str, key: str) -> dict[str, Any]:
    """The least input with the id in it, and with records of the school wherever else it needs one."""
    kind = input_of(name)
    assert kind is not None
    given: dict[str, Any] = least(kind)
    keys = {other: worlds.ours.gid(model_of(name, other), 1) for other in named(name) if other in given} | {field: key}
    if name == "grantRole":
        given["role"] = Role.TEACHER.value
    return given | {each: [key] if "[" in str(kind.fields[each].type) else key for each, key in keys.items()}


async def told(worlds: Worlds, name: str, given: dict[str, Any]) -> tuple[Any, ...]:
    rule = MUTATIONS[name]
    roles = frozenset({Role.ADMIN}) if isinstance(rule, Anyone) else rule - {Role.SUPERADMIN}
    document = f"mutation($input: {FIELDS[name].args['input'].type}) {{ {name}(input: $input) {{ {ERRORS} }} }}"
    answer = await run(worlds.database, worlds.viewer(*roles), document, {"input": given})
    return answer.found[name]["errors"], answer.statements, answer.students


@pytest.mark.parametrize(("name", "field"), ids())
async def test_an_id_of_another_school_is_one_of_no_record(worlds: Worlds, name: str, field: str) -> None:
    model = model_of(name, field)
    theirs = worlds.theirs.gid(model, 1)
    number = theirs.rsplit("_", 1)[1]
    absent = re.sub(r"\d+$", str(10**15 + int(number)), theirs)
    found = [await told(worlds, name, filled(worlds, name, field, key)) for key in (theirs, absent)]
    assert found[0] == found[1]
    errors = found[0][0]
    assert (field, "NOT_FOUND") in {(each["field"][0], each["code"]) for each in errors}, errors
    assert number not in str([each["message"] for each in errors])


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.ADMIN, Role.SUPERADMIN)])
async def test_a_session_of_somebody_else_is_one_that_does_not_exist(worlds: Worlds, role: Role) -> None:
    """The one mutation that everybody may call about a record by its id."""
    assert {name for name, rule in MUTATIONS.items() if rule is Anyone.SEEN} == {"revokeSession"}
    document = f"mutation($id: ID!) {{ revokeSession(input: {{id: $id}}) {{ {ERRORS} }} }}"
    viewer, prefix = worlds.viewer(role), identity(Session).prefix
    found = []
    for key in (worlds.ours.gid(Session, 1), worlds.theirs.gid(Session, 1), f"{prefix}_{10**15}"):
        answer = await run(worlds.database, viewer, document, {"id": key})
        found.append((answer.found, answer.statements))
    assert found[0] == found[1] == found[2]
    assert [each["code"] for each in found[0][0]["revokeSession"]["errors"]] == ["NOT_FOUND"]
