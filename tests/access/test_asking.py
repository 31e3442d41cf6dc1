"""Filters, orders, cursors and searches tell nobody of rows or values that they do not see."""

from collections.abc import Iterator
from typing import Any

import pytest
from strawberry.utils.str_converters import to_camel_case

from models import Base
from models.computed import pointed_to
from tests.access.conftest import Stages
from tests.access.schools import PERSONAS, Persona
from tests.access.sheet import always, any_rows, sheet
from tests.access.walk import Expected, Row
from tests.reading.test_filters import column_of, filters, relation_filters
from tests.reading.walking import order_columns
from tests.schema_map import lists, relations, type_of

pytestmark = pytest.mark.any_database

ADMIN = next(persona for persona in PERSONAS if persona.name == "ADMIN")
EVERYBODY = [pytest.param(persona, id=persona.name) for persona in PERSONAS]


class Asking:
    """One persona before the lists of our school."""

    def __init__(self, stages: Stages, persona: Persona) -> None:
        self.stages = stages
        self.persona = persona
        self.expected = Expected(stages.views[0], stages.schools[0], persona)

    def in_use(self, model: type[Base]) -> dict[str, Row]:
        """ADMIN's view of what stands in a list, of the rows that the persona sees."""
        school, records = self.stages.schools[0], self.stages.views[0].records[type_of(model)]
        keys = [school.gid(model, row) for row in school.of(model) if row.get("deleted_at") is None]
        return {key: records[key] for key in keys if self.expected.sight.row(type_of(model), key)}

    def seen(self, model: type[Base], key: str | None) -> str | None:
        return key if key and self.expected.sight.row(type_of(model), key) else None

    async def refused(self, model: type[Base], **arguments: Any) -> tuple[str, str | None]:
        answer = await self.stages.ask(0, self.persona, _document(model, arguments, 1), refused=True, **arguments)
        assert answer.statements == 0
        return answer.refusal

    async def ids(self, model: type[Base], *, page: int = 100, **arguments: Any) -> list[str]:
        """All that a list gives, page by page."""
        document = _document(model, {**arguments, "after": None}, page)
        found: list[str] = []
        after = None
        while True:
            answer = await self.stages.ask(0, self.persona, document, **arguments, after=after)
            given = answer.found[lists()[model]]
            found += [row["id"] for row in given["nodes"]]
            if not given["pageInfo"]["hasNextPage"]:
                assert given["totalCount"] == len(found)
                return found
            after = given["pageInfo"]["endCursor"]


def _document(model: type[Base], arguments: dict[str, Any], first: int) -> str:
    kind = type_of(model)
    kinds = {"where": f"{kind}Where", "orderBy": f"[{kind}Order!]", "after": "String", "search": "String"}
    declared = ", ".join(f"${name}: {kinds[name]}" for name in arguments)
    given = ", ".join(f"{name}: ${name}" for name in arguments)
    page = "totalCount pageInfo { hasNextPage endCursor } nodes { id }"
    return f"query ({declared}) {{ {lists()[model]}(first: {first}, {given}) {{ {page} }} }}"


def columns(model: type[Base]) -> Iterator[str]:
    """Filters by a value of the row itself."""
    return (name for name in filters(model) if name != "id" and pointed_to(model, column_of(model, name)) is None)


def keys(model: type[Base]) -> Iterator[tuple[str, type[Base]]]:
    """Filters by the record that a key leads to; those by one of several keys: tests.trail."""
    for name in filters(model):
        target = pointed_to(model, column_of(model, name))
        if target is not None and name != "id" and filters(model)[name].name == "IDFilter":
            yield name, target


@pytest.mark.parametrize("persona", EVERYBODY)
async def test_filters_by_a_value(stages: Stages, persona: Persona) -> None:
    """Refused where the value is hidden on some row, and else met by the rows that are seen alone."""
    asking = Asking(stages, persona)
    for model in lists():
        kind, everything = type_of(model), stages.views[0].records[type_of(model)]
        rows = asking.in_use(model)
        for name in columns(model):
            given = next(row[name] for row in everything.values() if row[name] is not None)
            where = {name: {"eq": given}}
            if not (any_rows(kind, persona) and always(kind, name, persona)):
                assert await asking.refused(model, where=where) == ("FORBIDDEN", f"where.{name}"), (kind, name)
                continue
            assert set(await asking.ids(model, where=where)) == {
                key for key, row in rows.items() if row[name] == given
            }, f"{kind}.{name}"


@pytest.mark.parametrize("persona", EVERYBODY)
async def test_filters_by_the_record_that_a_key_leads_to(stages: Stages, persona: Persona) -> None:
    """A hidden record is missing, and its key like one that does not exist."""
    asking = Asking(stages, persona)
    for model in lists():
        rows = asking.in_use(model)
        for name, target in keys(model):
            if not any_rows(type_of(model), persona):
                assert await asking.refused(model, where={name: {"eq": None}}) == ("FORBIDDEN", f"where.{name}")
                continue
            leads = {key: asking.seen(target, row[name]) for key, row in rows.items()}
            for given in [*stages.schools[0].gids(target)[:8], stages.schools[1].gids(target)[0]]:
                met = {key for key, led in leads.items() if led == given}
                assert set(await asking.ids(model, where={name: {"eq": given}})) == met, f"{type_of(model)}.{name}"
            others = leads.keys() - met
            assert set(await asking.ids(model, where={name: {"ne": given}})) == others
            missing = {key for key, led in leads.items() if led is None}
            assert set(await asking.ids(model, where={name: {"eq": None}})) == missing, f"{type_of(model)}.{name}"
            assert set(await asking.ids(model, where={name: {"ne": None}})) == leads.keys() - missing


@pytest.mark.parametrize("persona", EVERYBODY)
async def test_filters_by_relations(stages: Stages, persona: Persona) -> None:
    """Met by rows that are seen; refused where none of them ever is."""
    asking = Asking(stages, persona)
    for model in lists():
        rows = asking.in_use(model)
        for name in relation_filters(model):
            target = relations(model)[name].batch.model
            if not any_rows(type_of(target), persona):
                assert await asking.refused(model, where={name: {}}) == ("FORBIDDEN", f"where.{name}")
                continue
            met = {key for key, row in rows.items() if any(asking.seen(target, each) for each in row[name])}
            assert set(await asking.ids(model, where={name: {}})) == met, f"{type_of(model)}.{name}"
            assert set(await asking.ids(model, where={"NOT": {name: {}}})) == rows.keys() - met


@pytest.mark.parametrize("persona", EVERYBODY)
async def test_filters_by_values_of_relations(stages: Stages, persona: Persona) -> None:
    """What is hidden in the one list cannot be asked for by the other."""
    asking = Asking(stages, persona)
    for model in lists():
        for name in relation_filters(model):
            target = relations(model)[name].batch.model
            for column in columns(target) if any_rows(type_of(target), persona) else ():
                if not always(type_of(target), column, persona):
                    wanted = {"AND": [{"NOT": {name: {column: {"eq": None}}}}]}
                    place = f"where.AND.0.NOT.{name}.{column}"
                    assert await asking.refused(model, where=wanted) == ("FORBIDDEN", place)


@pytest.mark.parametrize("persona", EVERYBODY)
async def test_orders(stages: Stages, persona: Persona) -> None:
    """Refused where a value is hidden on some row, and else ADMIN's order without the hidden rows, over all pages."""
    asking, admin = Asking(stages, persona), Asking(stages, ADMIN)
    for model in lists():
        kind, rows = type_of(model), asking.in_use(model)
        for value, column in order_columns(model).items():
            order = [{"field": value}]
            line = f"{kind}.{to_camel_case(column)}"
            shown = any_rows(kind, persona)
            if shown and line in sheet():
                shown = always(kind, to_camel_case(column), persona)
            if not shown:
                assert await asking.refused(model, orderBy=order) == ("FORBIDDEN", "orderBy.0.field"), line
                continue
            every = await admin.ids(model, orderBy=order)
            assert await asking.ids(model, page=7, orderBy=order) == [key for key in every if key in rows], line


@pytest.mark.parametrize("persona", EVERYBODY)
async def test_lists_come_in_admins_order(stages: Stages, persona: Persona) -> None:
    """The order that nobody asked for says nothing either: what it sorts by is shown."""
    asking, admin = Asking(stages, persona), Asking(stages, ADMIN)
    for model in lists():
        every = await admin.ids(model, where=None)
        assert await asking.ids(model, page=7, where=None) == [key for key in every if key in asking.in_use(model)]
