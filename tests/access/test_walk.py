"""Every type, every field and every path of relations to it, for everybody in two schools, against the sheet."""

from typing import Any

import pytest

from models import Base, Role
from schema.reads import RelatedPages
from tests.access.conftest import Stages
from tests.access.schools import PERSONAS, Persona
from tests.access.sheet import any_rows, cell, sheet
from tests.access.walk import Expected, without_cursors
from tests.answers import PLANNING
from tests.schema_map import (
    entities,
    fragments,
    leaves,
    lists,
    lookups,
    object_type,
    planned_leaves,
    relations,
    type_of,
    wrapped,
)

pytestmark = pytest.mark.any_database

EVERYBODY = [pytest.param(persona, id=persona.name) for persona in PERSONAS]
HELD = [persona for persona in PERSONAS if len(persona.roles) == 1]
SCHOOLS = [pytest.param(0, id="ours"), pytest.param(1, id="theirs")]
# A link with a restriction shows a guardian nothing; a card that was taken back shows a family nothing.
NEVER_THERE = {("StudentGuardian", "contactRestriction", Role.GUARDIAN)}
NEVER_THERE |= {
    ("ReportCard", name, role) for name in ("reopenedAt", "reopenReason") for role in (Role.GUARDIAN, Role.STUDENT)
}
# How far the paths lead. From the other side, a school made alike, the shorter ones do: tests/reading/test_isolation.py
# looks there for what is not of the own school too.
DEPTHS = (3, 2)
PAGE = "totalCount pageInfo { endCursor hasNextPage }"


def test_every_field_has_a_line() -> None:
    """A type or field that is new must be decided on, for every role."""
    named = {type_of(model): object_type(type_of(model)).fields for model in entities()}
    lines = [*named, *(f"{kind}.{name}" for kind, fields in named.items() for name in fields)]
    assert sheet().keys() == set(lines)


def test_every_cell_says_something_that_is_known() -> None:
    for line, cells in sheet().items():
        for role, said in cells.items():
            assert "." not in line or said in ("yes", "no", "own"), (line, role)
            if "." in line and cell(line.split(".")[0], role) == "none":
                assert said == "no", (line, role)


async def pages(stages: Stages, number: int, persona: Persona, model: type[Base], depth: int) -> Any:
    """All rows of a root list, and the redactions of its answer, which is one plan's."""
    kind, name = type_of(model), lists()[model]
    rows = f"{name}(first: 100, after: $after) {{ {PAGE} nodes {{ ...{kind}{depth} }} }}"
    document = f"query ($after: String) {{ {rows} }} {fragments(model, depth, planned_leaves)}"
    found: list[Any] = []
    after = None
    while True:
        answer = await stages.ask(number, persona, document, after=after)
        assert answer.planned == PLANNING, name
        page = answer.found[name]
        found += page["nodes"]
        if not page["pageInfo"]["hasNextPage"]:
            assert page["totalCount"] == len(found)
            return found, answer.redactions
        after = page["pageInfo"]["endCursor"]


@pytest.mark.parametrize("persona", EVERYBODY)
@pytest.mark.parametrize("number", SCHOOLS)
async def test_every_path_from_every_list(stages: Stages, number: int, persona: Persona) -> None:
    """What functions resolve is seen by way of its record alone, below."""
    school, view, depth = stages.schools[number], stages.views[number], DEPTHS[number]
    expected = Expected(view, school, persona, planned_leaves)
    for model, name in lists().items():
        found, redactions = await pages(stages, number, persona, model, depth)
        in_use = {school.gid(model, row) for row in school.of(model) if row.get("deleted_at") is None}
        keys = [row["id"] for row in found]
        assert len(keys) == len(set(keys))
        assert set(keys) == in_use & expected.sight.rows(type_of(model))
        assert without_cursors(found) == expected.rows(model, keys, depth)
        seen = any_rows(type_of(model), persona)
        assert set(redactions) == (expected.redactions(model, depth, f"{name}.nodes.*") if seen else {name})


@pytest.mark.parametrize("persona", EVERYBODY)
@pytest.mark.parametrize("number", SCHOOLS)
async def test_every_record_by_its_id(stages: Stages, number: int, persona: Persona) -> None:
    """Retired ones too; those of the other school and those that do not exist are null like those that are hidden."""
    school, other = stages.schools[number], stages.schools[1 - number]
    expected = Expected(stages.views[number], school, persona)
    for model in entities():
        kind = type_of(model)
        ids = [*school.gids(model), other.gids(model)[0], school.gid(model, {**school.rows[model][0], "id": 2**40})]
        wanted = {key: expected.record(model, key, 1) for key in ids if expected.sight.row(kind, key)}
        document = f"query ($ids: [ID!]!) {{ nodes(ids: $ids) {{ ...{kind}1 }} }} {fragments(model, 1)}"
        found = []
        for start in range(0, len(ids), 100):
            answer = await stages.ask(number, persona, document, ids=ids[start : start + 100])
            found += without_cursors(answer.found["nodes"])
        assert found == [wanted.get(key) for key in ids]
        await by_fields(stages, number, persona, model, {key: wanted.get(key) for key in ids[-8:]})


async def by_fields(stages: Stages, number: int, persona: Persona, model: type[Base], wanted: dict[str, Any]) -> None:
    """The same by `node` and by the type's own field, in one document."""
    kind, name = type_of(model), lookups().get(model)
    names = ["node", *([name] if name else [])]
    parts = [f'{field}{n}: {field}(id: "{key}") {{ ...{kind}0 }}' for field in names for n, key in enumerate(wanted)]
    answer = await stages.ask(number, persona, f"{{ {' '.join(parts)} }} {fragments(model, 0)}")
    for field in names:
        for n, one in enumerate(wanted.values()):
            flat = one and {leaf: one[leaf] for leaf in leaves(model)}
            assert answer.found[f"{field}{n}"] == flat


@pytest.mark.parametrize("persona", EVERYBODY)
async def test_without_plans_the_answers_are_the_same(stages: Stages, persona: Persona) -> None:
    for model, name in lists().items():
        kind = type_of(model)
        document = f"{{ {name}(first: 100) {{ {PAGE} nodes {{ ...{kind}1 }} }} }} {fragments(model, 1)}"
        first = await stages.ask(0, persona, document, planning=PLANNING)
        second = await stages.ask(0, persona, document, planning=not PLANNING)
        assert (first.data, first.redactions) == (second.data, second.redactions)


@pytest.mark.parametrize("persona", HELD, ids=lambda persona: persona.name)
async def test_the_staged_school_has_something_to_show_and_to_hide(stages: Stages, persona: Persona) -> None:
    """Else a comparison would hold for the want of values. Some rows are hidden wherever not all are seen."""
    expected = Expected(stages.views[0], stages.schools[0], persona)
    (role,) = persona.roles
    for model in entities():
        kind = type_of(model)
        seen, everything = expected.sight.rows(kind), stages.views[0].records[kind]
        assert bool(seen) == (cell(kind, role) != "none"), kind
        assert (len(seen) == len(everything)) == (cell(kind, role) == "all"), kind
        for name in [*leaves(model), *relations(model)] if seen else ():
            if (kind, name, role) in NEVER_THERE:
                continue
            assert any(everything[key][name] not in (None, []) for key in seen), f"{kind}.{name}"


@pytest.mark.parametrize("persona", HELD, ids=lambda persona: persona.name)
async def test_as_many_statements_for_everybody(stages: Stages, persona: Persona) -> None:
    """A relation is one statement for whoever sees rows of it, whatever it takes to know which."""
    expected = Expected(stages.views[0], stages.schools[0], persona)
    for model, name in lists().items():
        if not expected.rows(model, list(stages.views[0].records[type_of(model)]), 0):
            continue
        for field, read in relations(model).items():
            document = f"{{ {name}(first: 100) {{ nodes {{ {field} {{ {wrapped(read, 'id')} }} }} }} }}"
            answer = await stages.ask(0, persona, document)
            counted = isinstance(read, RelatedPages)
            assert answer.statements == (3 if counted else 2), f"{type_of(model)}.{field}"


def test_superadmin_is_admin() -> None:
    for line, cells in sheet().items():
        assert cells[Role.SUPERADMIN] == cells[Role.ADMIN], line
