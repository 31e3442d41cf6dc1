"""The schema as clients see it: described, named alike, committed as text, and closed to whoever has not signed in."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNonNull,
    GraphQLObjectType,
    get_named_type,
    is_introspection_type,
    is_leaf_type,
    is_required_argument,
)

from models import Student
from schema.node import identity
from schema.root import schema
from tests.conftest import Execute
from tests.database import ROOT
from tests.schema_map import GRAPHQL, entities, lists, lookups, object_type, relations, type_of

pytestmark = pytest.mark.any_database

SDL = ROOT / "schema" / "schema.graphql"
BUILT_IN = {"Boolean", "Float", "ID", "Int", "String"}
KINDS = {
    "type": re.compile(r"[A-Z][A-Za-z0-9]*"),
    "field": re.compile(r"[a-z][A-Za-z0-9]*"),
    "value": re.compile(r"[A-Z][A-Z0-9_]*"),
}


def named_types() -> list[Any]:
    return [kind for kind in GRAPHQL.type_map.values() if not is_introspection_type(kind) and kind.name not in BUILT_IN]


def elements() -> Iterator[tuple[str, str, str | None]]:
    """Kind, place and description of all that has a name."""
    for kind in named_types():
        yield "type", kind.name, kind.description
        for name, value in (kind.values if isinstance(kind, GraphQLEnumType) else {}).items():
            yield "value", f"{kind.name}.{name}", value.description
        fields = getattr(kind, "fields", {})
        for name, field in fields.items():
            yield "field", f"{kind.name}.{name}", field.description
            for argument, definition in getattr(field, "args", {}).items():
                yield "field", f"{kind.name}.{name}.{argument}", definition.description


def test_everything_is_described() -> None:
    """By a sentence: it begins with a capital letter, and ends with a full stop."""
    for _, place, description in elements():
        assert description, place
        assert description.strip() == description, place
        assert description[0].isupper() or description[0] in "`", place
        assert description.endswith("."), place
        assert "None" not in description, place


def test_names_follow_one_convention() -> None:
    for kind, place, _ in elements():
        name = place.rsplit(".", 1)[-1]
        if name not in ("AND", "OR", "NOT"):
            assert KINDS[kind].fullmatch(name), place


def test_the_committed_text_is_the_schema() -> None:
    assert SDL.read_text() == schema.as_str() + "\n", "print the schema anew"


def test_every_entity_can_be_looked_up_and_listed() -> None:
    """Files are found by way of what they are the pictures of."""
    single, unlisted = {"Institution", "SchoolProfile"}, {"StoredFile"}
    names = {type_of(model) for model in entities()} - single
    assert {type_of(model) for model in lists()} | unlisted == {type_of(model) for model in lookups()} == names
    for model, name in lookups().items():
        assert name == type_of(model)[0].lower() + type_of(model)[1:]
        field = object_type("Query").fields[name]
        assert list(field.args) == ["id"]
        assert is_required_argument(field.args["id"])


def test_every_list_has_its_filter_and_its_order() -> None:
    for model, name in lists().items():
        arguments = object_type("Query").fields[name].args
        assert get_named_type(arguments["where"].type).name == f"{type_of(model)}Where"
        assert get_named_type(arguments["orderBy"].type).name == f"{type_of(model)}Order"
        assert not any(is_required_argument(argument) for argument in arguments.values())


def test_root_fields_may_be_null_unless_they_are_lists() -> None:
    """A refusal of one root field must not take the others' answers along; a page is never null by itself."""
    for name, field in object_type("Query").fields.items():
        plural = get_named_type(field.type).name.endswith("Connection") or name in (
            "nodes",
            "settings",
            "configuration",
        )
        assert isinstance(field.type, GraphQLNonNull) == plural, name


def test_lists_have_no_null_items() -> None:
    for kind in named_types():
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            for name, field in kind.fields.items():
                spelled = str(field.type)
                if "[" in spelled and (kind.name, name) != ("Query", "nodes"):
                    assert "!]" in spelled, f"{kind.name}.{name}: {spelled}"


def test_relations_say_where_they_lead() -> None:
    for model in entities():
        for name, read in relations(model).items():
            target = get_named_type(object_type(type_of(model)).fields[name].type).name
            assert target.removesuffix("Connection") == type_of(read.batch.model), f"{type_of(model)}.{name}"


def test_no_filter_must_be_given() -> None:
    for kind in named_types():
        if isinstance(kind, GraphQLInputObjectType) and kind.name.endswith("Where"):
            for name, field in kind.fields.items():
                assert not isinstance(field.type, GraphQLNonNull), f"{kind.name}.{name}"


def least(name: str) -> str:
    """A root field with the least that it needs."""
    field = object_type("Query").fields[name]
    known = {found: model for model, found in lookups().items()}
    prefix = identity(known.get(name, Student)).prefix
    key = f'"{prefix}_20250901_1"' if prefix == "att" else f'"{prefix}_1"'
    needed = {"student": key, "id": key, "ids": f"[{key}]", "course": '"crs_1"', "semester": '"sem_1"'}
    needed |= dict.fromkeys(("from", "to", "date"), '"2025-09-01"')
    needed |= {"of": "GRADES", "groupBy": "[]"}
    arguments = [f"{each}: {needed[each]}" for each, given in field.args.items() if is_required_argument(given)]
    selection = "" if is_leaf_type(get_named_type(field.type)) else " { __typename }"
    return f"{name}{'(' + ', '.join(arguments) + ')' if arguments else ''}{selection}"


@pytest.mark.parametrize("name", list(object_type("Query").fields))
async def test_nobody_reads_without_signing_in(execute: Execute, name: str) -> None:
    answer = await execute(f"{{ {least(name)} }}", viewer=None, refused=True)
    assert answer.refusal[0] == "UNAUTHENTICATED"
    assert answer.statements == 0


async def test_the_schema_itself_is_open(execute: Execute) -> None:
    answer = await execute("{ __schema { queryType { name } } __typename }", viewer=None)
    assert answer.found == {"__schema": {"queryType": {"name": "Query"}}, "__typename": "Query"}


def test_no_migration_folder_is_a_package() -> None:
    """It would hide the library that has the same name."""
    assert not [path for path in (ROOT / "alembic").rglob("__init__.py")]
