"""Every mutation has its line in the one table, and refuses whoever is not in it before it does anything."""

from typing import Any

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    get_named_type,
    is_required_input_field,
)

from models import Role
from resolvers.permissions import MUTATIONS, Anyone
from tests.audited import audited
from tests.conftest import Execute, School
from tests.database import OneConnection
from tests.files.samples import png, upload
from tests.schema_map import object_type

pytestmark = pytest.mark.any_database

FIELDS = object_type("Mutation").fields
PLAIN: dict[str, Any] = {
    "String": "x",
    "ID": "usr_1",
    "Int": 1,
    "Boolean": True,
    "Date": "2025-01-01",
    "DateTime": "2025-01-01T00:00:00Z",
    "Decimal": "1",
    "Upload": upload(png()),
}
SIGNED_IN = [name for name, rule in MUTATIONS.items() if rule is not Anyone.PUBLIC]


def least(kind: Any) -> Any:
    """A value of an input type with the least that it needs."""
    if isinstance(kind, GraphQLNonNull):
        return least(kind.of_type)
    if isinstance(kind, GraphQLList):
        return []
    if isinstance(kind, GraphQLEnumType):
        return next(iter(kind.values))
    if isinstance(kind, GraphQLInputObjectType):
        return {name: least(field.type) for name, field in kind.fields.items() if is_required_input_field(field)}
    return PLAIN[kind.name]


def call(name: str) -> tuple[str, dict[str, Any]]:
    """A document that calls the mutation, and its variables."""
    given = FIELDS[name].args.get("input")
    if given is None:
        return f"mutation {{ {name} {{ errors {{ code }} }} }}", {}
    document = f"mutation($input: {given.type}) {{ {name}(input: $input) {{ errors {{ code }} }} }}"
    return document, {"input": least(given.type)}


def test_every_mutation_has_a_line() -> None:
    assert MUTATIONS.keys() == FIELDS.keys()


def test_only_signing_in_and_out_is_public() -> None:
    assert MUTATIONS.keys() - set(SIGNED_IN) == {"login", "logout", "requestPasswordReset", "setPassword"}


@pytest.mark.parametrize("name", FIELDS)
def test_mutations_are_alike(name: str) -> None:
    """One input, and a payload of their own that may be null, so that one refused takes no other along."""
    field = FIELDS[name]
    assert list(field.args) in (["input"], [])
    capital = name[0].upper() + name[1:]
    assert str(field.type) == f"{capital}Payload"
    assert not field.args or str(field.args["input"].type) == f"{capital}Input!"
    payload = get_named_type(field.type)
    assert isinstance(payload, GraphQLObjectType)
    assert str(payload.fields["errors"].type) == "[UserError!]!"
    others = [each for part, each in payload.fields.items() if part != "errors"]
    assert others
    assert not any(isinstance(each.type, GraphQLNonNull) for each in others)


@pytest.mark.parametrize("name", SIGNED_IN)
async def test_nobody_changes_anything_without_signing_in(
    connections: OneConnection, school: School, execute: Execute, name: str
) -> None:
    document, variables = call(name)
    async with audited(connections, school, nothing=True):
        answer = await execute(document, viewer=None, refused=True, **variables)
    assert (answer.refusal[0], answer.data, answer.statements) == ("UNAUTHENTICATED", {name: None}, 0)


OUTSIDERS = [
    (name, role)
    for name, rule in MUTATIONS.items()
    if isinstance(rule, frozenset)
    for role in [None, *Role]
    if role not in rule
]


@pytest.mark.parametrize(("name", "role"), OUTSIDERS)
async def test_other_roles_are_refused(
    connections: OneConnection, school: School, execute: Execute, name: str, role: Role | None
) -> None:
    document, variables = call(name)
    viewer = school.viewer(*([role] if role else []), user_id=1)
    async with audited(connections, school, nothing=True):
        answer = await execute(document, viewer=viewer, refused=True, **variables)
    assert (answer.refusal[0], answer.data, answer.statements) == ("FORBIDDEN", {name: None}, 0)
