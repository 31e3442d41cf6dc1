"""What a document must answer to somebody, made from what ADMIN is answered and from the sheet.

ADMIN's view of a school is read flat, each record once by its id with the keys of what it leads to, retired records
too. What anybody else is to see of a selection is that view with the hidden rows left out and the hidden values null.
"""

from dataclasses import dataclass, field
from typing import Any

from models import Base, Role
from schema.reads import RelatedPages, ToMany
from tests.access.schools import Persona, School
from tests.access.sheet import Sight, always, any_rows
from tests.answers import run
from tests.schema_map import Leaves, entities, leaves, relations, type_of, wrapped

Row = dict[str, Any]


@dataclass(frozen=True)
class View:
    """Records by type and id: values, and the keys of what they lead to."""

    records: dict[str, dict[str, Row]] = field(repr=False)


def _flat(model: type[Base]) -> str:
    parts = [f"{name} {{ {wrapped(read, 'id')} }}" for name, read in relations(model).items()]
    return " ".join([*leaves(model), *parts])


def _keys(name: str, value: Any) -> Any:
    """What a relation leads to, as keys."""
    if isinstance(value, dict) and "nodes" in value:
        assert value["totalCount"] == len(value["nodes"]), name
        value = value["nodes"]
    if isinstance(value, list):
        return [each["id"] for each in value]
    return value and value["id"]


async def read_view(database: Any, school: School) -> View:
    admin = Persona("ADMIN", frozenset({Role.ADMIN}), 0)
    found: dict[str, dict[str, Row]] = {}
    for model in entities():
        kind, ids = type_of(model), school.gids(model)
        document = f"query ($ids: [ID!]!) {{ nodes(ids: $ids) {{ ... on {kind} {{ {_flat(model)} }} }} }}"
        rows: list[Row] = []
        for start in range(0, len(ids), 100):
            answer = await run(database, school.viewer(admin), document, {"ids": ids[start : start + 100]})
            rows += answer.found["nodes"]
        names = relations(model)
        found[kind] = {
            row["id"]: {name: _keys(name, value) if name in names else value for name, value in row.items()}
            for row in rows
        }
        assert list(found[kind]) == ids
    return View(found)


class Expected:
    """The answers that a persona must be given, where the leaves `shown` are selected of each type."""

    def __init__(self, view: View, school: School, persona: Persona, shown: Leaves = leaves) -> None:
        self.view = view
        self.shown = shown
        self.made: dict[tuple[type[Base], str, int], Row] = {}
        self.persona = persona
        self.sight = Sight(school, persona)

    def record(self, model: type[Base], key: str, depth: int) -> Row:
        """A record that is seen, with `depth` relations below it; paths that meet in one share it."""
        found = self.made.get((model, key, depth))
        if found is None:
            found = self.made[model, key, depth] = self._record(model, key, depth)
        return found

    def _record(self, model: type[Base], key: str, depth: int) -> Row:
        kind = type_of(model)
        known = self.view.records[kind][key]
        names = relations(model)
        shown = {name: known[name] if self.sight.value(kind, name, key) else None for name in self.shown(model)}
        below = {name: self.relation(read, known[name], depth - 1) for name, read in names.items()} if depth else {}
        return {**shown, "id": key, **below}

    def relation(self, read: Any, found: Any, depth: int) -> Any:
        target = read.batch.model
        kind = type_of(target)
        if not isinstance(read, ToMany | RelatedPages):
            return self.record(target, found, depth) if found and self.sight.row(kind, found) else None
        seen = [self.record(target, key, depth) for key in found if self.sight.row(kind, key)]
        return {"totalCount": len(seen), "nodes": seen} if isinstance(read, RelatedPages) else seen

    def rows(self, model: type[Base], keys: list[str], depth: int) -> list[Row]:
        kind = type_of(model)
        return [self.record(model, key, depth) for key in keys if self.sight.row(kind, key)]

    def redactions(self, model: type[Base], depth: int, path: str) -> set[str]:
        """Paths of what is selected below `path` and not always shown, as the sheet has it."""
        kind = type_of(model)
        found = {
            f"{path}.{name}"
            for name in self.shown(model)
            if name not in ("id", "timeZone") and not always(kind, name, self.persona)
        }
        for name, read in relations(model).items() if depth else ():
            below = f"{path}.{name}"
            if not any_rows(type_of(read.batch.model), self.persona):
                found.add(below)
                continue
            suffix = {ToMany: ".*", RelatedPages: ".nodes.*"}.get(type(read), "")
            found |= self.redactions(read.batch.model, depth - 1, below + suffix)
        return found


def without_cursors(value: Any) -> Any:
    """An answer without its pages' cursors, each of which must be there where the page has rows."""
    if isinstance(value, list):
        return [without_cursors(each) for each in value]
    if not isinstance(value, dict):
        return value
    if "pageInfo" in value:
        assert (value["pageInfo"]["endCursor"] is None) == (value["nodes"] == [])
    return {name: without_cursors(each) for name, each in value.items() if name != "pageInfo"}
