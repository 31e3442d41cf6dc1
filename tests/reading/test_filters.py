"""Every operator of every field that can be filtered by, against the same comparison made here."""

import datetime
import operator
from collections.abc import Callable
from typing import Any

import pytest
from graphql import GraphQLInputObjectType, get_named_type
from sqlalchemy import select

from models import Attendance, Base, ExternalId, Retirable, Role
from models.base import POINTS_TO
from models.computed import Computed, Sealed, declaration, value
from resolvers.batches import Batch
from schema.node import identity
from tests.answers import NOW
from tests.schema_map import input_type, lists, relations, type_of
from tests.world import World
from tests.worlds import Worlds

COMBINED = {"AND", "OR", "NOT"}
MATCHES: dict[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "in": lambda value, given: value in given,
    "gt": lambda value, given: value is not None and value > given,
    "gte": lambda value, given: value is not None and value >= given,
    "lt": lambda value, given: value is not None and value < given,
    "lte": lambda value, given: value is not None and value <= given,
    "startsWith": lambda value, given: value is not None and value.startswith(given),
    "has": lambda value, given: given in value,
    "hasAny": lambda value, given: not set(given).isdisjoint(value),
}


def filters(model: type[Base]) -> dict[str, GraphQLInputObjectType]:
    """The fields of a `where` that compare a value, each with the input of its operators."""
    found: dict[str, Any] = {}
    for name, field in input_type(f"{type_of(model)}Where").fields.items():
        kind = get_named_type(field.type)
        if name not in COMBINED and not kind.name.endswith("Where") and kind.name != "RecordFilter":
            found[name] = kind
    return found


def column_of(model: type[Base], name: str) -> str:
    python_name = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)
    names = python_name, f"{python_name}_id", f"{python_name.removesuffix('s')}_ids"
    return next(name for name in names if hasattr(model, name))


def pointed_to(model: type[Base], column: str) -> type[Base]:
    """The model whose ids a column holds."""
    if column == "id":
        return model
    declared = declaration(model, column)
    if isinstance(declared, Computed):
        names = [declared.target]
    else:
        held = model.__table__.columns[column]
        names = [key.column.table.name for key in held.foreign_keys] or [held.info[POINTS_TO]]
    return next(each for each in Base.registry.mappers if each.class_.__tablename__ == names[0]).class_


async def values_of(worlds: Worlds, model: Any, column: str) -> dict[int, Any]:
    """What our rows say in a column, by key."""
    statement = select(model.id, value(model, column)).where(model.institution_id == worlds.ours.institution_id)
    if issubclass(model, Retirable):
        statement = statement.where(model.deleted_at.is_(None))
    known = {"today": NOW.date(), "now": NOW}
    parameters = {name: value for name, value in known.items() if name in statement.compile().params}
    return {row[0]: row[1] for row in await worlds.rows(statement, **parameters)}


async def found(worlds: Worlds, model: type[Base], where: Any) -> set[int]:
    kind, name = type_of(model), lists()[model]
    document = f"query($where: {kind}Where) {{ {name}(first: 10000, where: $where) {{ totalCount nodes {{ id }} }} }}"
    page = (await worlds.ask(document, Role.ADMIN, Role.REPORTER, where=where)).found[name]
    assert page["totalCount"] == len(page["nodes"])
    return {int(node["id"].rsplit("_", 1)[1]) for node in page["nodes"]}


def spelled(worlds: Worlds, value: Any, target: type[Base] | None) -> Any:
    if target is Attendance:
        return worlds.ours.gid(target, worlds.ours.ids["attendance"].index(value))
    if target is not None:
        return f"{identity(target).prefix}_{value}"
    return value.isoformat() if isinstance(value, datetime.date) else value


def fields(operation: str | None = None) -> list[Any]:
    """Fields that compare a value, all or those with an operator; sealed texts have tests of their own."""
    return [
        pytest.param(model, name, id=f"{type_of(model)}-{name}")
        for model in lists()
        for name, kind in filters(model).items()
        if operation in (None, *kind.fields) and not isinstance(declaration(model, column_of(model, name)), Sealed)
    ]


@pytest.mark.parametrize(("model", "name"), fields())
async def test_operators_compare_as_they_say(worlds: Worlds, model: type[Base], name: str) -> None:
    kind, column = filters(model)[name], column_of(model, name)
    rows = await values_of(worlds, model, column)
    target = pointed_to(model, column) if kind.name in ("IDFilter", "IDsFilter") else None
    known = [value for row in rows.values() if row is not None for value in (row if isinstance(row, list) else [row])]
    one, other = known[len(known) // 2], known[-1]
    for operation in kind.fields:
        given = {"in": [one, other], "hasAny": [one, other], "startsWith": str(one)[:4]}.get(operation, one)
        several = isinstance(given, list)
        sent = [spelled(worlds, each, target) for each in given] if several else spelled(worlds, given, target)
        expected = {key for key, value in rows.items() if MATCHES[operation](value, given)}
        assert await found(worlds, model, {name: {operation: sent}}) == expected, (operation, given)


@pytest.mark.parametrize(("model", "name"), fields("eq"))
async def test_null_means_missing(worlds: Worlds, model: type[Base], name: str) -> None:
    rows = await values_of(worlds, model, column_of(model, name))
    missing = {key for key, value in rows.items() if value is None}
    assert await found(worlds, model, {name: {"eq": None}}) == missing
    assert await found(worlds, model, {name: {"ne": None}}) == rows.keys() - missing


def relation_filters(model: type[Base]) -> list[str]:
    fields = input_type(f"{type_of(model)}Where").fields
    return [
        name
        for name, field in fields.items()
        if get_named_type(field.type).name.endswith("Where") and name not in COMBINED
    ]


RELATIONS = [
    pytest.param(model, name, id=f"{type_of(model)}-{name}") for model in lists() for name in relation_filters(model)
]


def child_filter(world: World, batch: Batch, n: int) -> dict[str, Any]:
    """Row n of a relation's target and no other."""
    if batch.model is ExternalId:
        return {"value": {"eq": f"{world.mark}{batch.constants['entity']}-{n}"}}
    return {"id": {"eq": world.gid(batch.model, n)}}


@pytest.mark.parametrize(("model", "name"), RELATIONS)
async def test_relations_are_met_by_at_least_one_row(worlds: Worlds, model: type[Base], name: str) -> None:
    """Row n of the world belongs to row n of its parents."""
    batch = relations(model)[name].batch
    own = worlds.ours.ids[model.__tablename__]
    assert await found(worlds, model, {name: child_filter(worlds.ours, batch, 3)}) == {own[3]}
    either = {"OR": [child_filter(worlds.ours, batch, 2), child_filter(worlds.ours, batch, 7)]}
    assert await found(worlds, model, {name: either}) == {own[2], own[7]}
    everything = await found(worlds, model, {})
    assert await found(worlds, model, {"NOT": {name: child_filter(worlds.ours, batch, 3)}}) == everything - {own[3]}


@pytest.mark.parametrize(("model", "name"), RELATIONS)
async def test_an_empty_condition_on_a_relation_means_any_row(worlds: Worlds, model: type[Base], name: str) -> None:
    batch = relations(model)[name].batch
    if batch.model is ExternalId:
        expected = set(worlds.ours.ids[model.__tablename__])
    else:
        expected = set((await values_of(worlds, batch.model, batch.key)).values()) - {None}
    assert await found(worlds, model, {name: {}}) == expected
