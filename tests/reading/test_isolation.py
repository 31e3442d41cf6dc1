"""No school sees another's rows: a walk over every root field and every path of relations below it.

As the API's role both row-level security and the statements' own tenant keep the schools apart; as the owner, whom no
policy restricts, the statements do it alone.
"""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import orjson
import pytest

from app.database import Database
from app.settings import Settings
from app.urls import Urls
from models import Attendance, Base, Institution, Role, SchoolProfile, SchoolYear
from resolvers.context import Connections
from resolvers.institution.institution import DEFAULT_SETTINGS
from resolvers.viewer import Viewer
from schema.node import identity
from tests.answers import run
from tests.reading.test_filters import child_filter, column_of, filters, pointed_to, relation_filters
from tests.reading.test_statement_counts import parents
from tests.schema_map import entities, fragments, lists, lookups, relations, selection, type_of
from tests.worlds import COUNT, MARK, Worlds

# Rows that have all their parents.
WHOLE = [2, 3]
CATEGORIES = ["general", "academic", "financial"]
ID = re.compile(r"^([a-z]{3})(?:_\d{8})?_(\d+)$")


@dataclass(frozen=True)
class Reader:
    """Reads as our ADMIN, and looks for what is theirs in every answer."""

    worlds: Worlds
    connections: Connections
    depth: int

    async def ask(self, document: str, *, refused: bool = False, **variables: Any) -> dict[str, Any]:
        viewer = self.worlds.viewer(Role.ADMIN)
        answer = await run(self.connections, viewer, document, variables, refused=refused)
        self.check(answer.data)
        return answer.data or {}

    def check(self, value: Any) -> None:
        if isinstance(value, dict | list):
            for each in value.values() if isinstance(value, dict) else value:
                self.check(each)
        elif isinstance(value, str):
            assert MARK.lower() not in value.lower()
            match = ID.match(value)
            assert match is None or int(match[2]) in self.own_keys(match[1]), value

    def own_keys(self, prefix: str) -> set[int]:
        model = next(each for each in entities() if identity(each).prefix == prefix)
        ours = self.worlds.ours
        if model in (Institution, SchoolProfile):
            return {ours.institution_id}
        theirs = set(self.worlds.theirs.ids[model.__tablename__])
        assert theirs.isdisjoint(ours.ids[model.__tablename__])
        return set(range(1, max(ours.ids[model.__tablename__]) + 1)) - theirs


@pytest.fixture(params=["as the API", "without row-level security"], scope="module")
async def reader(request: pytest.FixtureRequest, worlds: Worlds) -> AsyncIterator[Reader]:
    if request.param == "as the API":
        yield Reader(worlds, worlds.database, 3)
        return
    assert worlds.urls.owner
    unrestricted = await Database.open(Urls(worlds.urls.owner, None, None), Settings())
    yield Reader(worlds, unrestricted, 2)
    await unrestricted.close()


def prefixes(value: Any) -> set[str]:
    """The types whose ids stand in an answer."""
    return {match[1].decode() for match in re.finditer(rb'"([a-z]{3})_(?:\d{8}_)?\d+"', orjson.dumps(value))}


def reached(model: type[Base]) -> set[str]:
    return {identity(read.batch.model).prefix for read in relations(model).values()}


@pytest.mark.parametrize("model", lists(), ids=type_of)
async def test_no_path_leads_to_another_school(reader: Reader, model: type[Base]) -> None:
    kind, name = type_of(model), lists()[model]
    document = f"""query($where: {kind}Where) {{ {name}(where: $where) {{ nodes {{ ...{kind}{reader.depth} }} }} }}
        {fragments(model, reader.depth)}"""
    found = await reader.ask(document, where=parents(model, reader.worlds.ours, WHOLE))
    assert len(found[name]["nodes"]) == len(WHOLE)
    assert reached(model) <= prefixes(found)


async def test_whole_lists_hold_no_row_of_another_school(reader: Reader) -> None:
    for model, name in lists().items():
        rows = f"{name}(first: 100) {{ totalCount nodes {{ {selection(model, 0)} }} }}"
        found = await reader.ask(f"{{ {rows} }}")
        own = await reader.worlds.ask(f"{{ {rows} }}")
        assert found == own.found


async def test_singletons_are_the_own_schools(reader: Reader) -> None:
    document = f"""{{
        institution {{ {selection(Institution, 0)} }}
        schoolProfile {{ {selection(SchoolProfile, 1)} }}
        currentSchoolYear {{ ...SchoolYear2 }}
        settings {{ id key value }}
        configuration {{ profile {{ schoolName }} {" ".join(f"{each} {{ id value }}" for each in CATEGORIES)} }}
    }} {fragments(SchoolYear, 2)}"""
    found = await reader.ask(document)
    assert found["institution"]["code"] == "OURS"
    assert found["configuration"]["profile"] == {"schoolName": "Our School"}
    assert len(found["settings"]) == len(DEFAULT_SETTINGS) + COUNT
    assert sum(len(found["configuration"][name]) for name in CATEGORIES) == len(DEFAULT_SETTINGS) + COUNT


async def test_their_ids_find_nothing(reader: Reader) -> None:
    theirs = reader.worlds.theirs
    ids = {model: theirs.gid(model, 1) for model in entities() if model is not SchoolProfile}
    ids[SchoolProfile] = f"{identity(SchoolProfile).prefix}_{theirs.institution_id}"
    found = await reader.ask("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=list(ids.values()))
    assert found["nodes"] == [None] * len(entities())
    fields = " ".join(f'{name}(id: "{ids[model]}") {{ id }} ' for model, name in lookups().items())
    assert set((await reader.ask(f"{{ {fields} }}")).values()) == {None}


@pytest.mark.parametrize("model", lists(), ids=type_of)
async def test_filters_by_their_ids_find_nothing(reader: Reader, model: type[Base]) -> None:
    kind, name = type_of(model), lists()[model]
    document = f"query($where: {kind}Where) {{ {name}(where: $where) {{ totalCount nodes {{ id }} }} }}"
    nothing = {name: {"totalCount": 0, "nodes": []}}
    for field, operators in filters(model).items():
        if operators.name in ("IDFilter", "IDsFilter"):
            key = reader.worlds.theirs.gid(pointed_to(model, column_of(model, field)), 1)
            several = operators.name == "IDsFilter"
            for condition in ({"has": key}, {"hasAny": [key]}) if several else ({"eq": key}, {"in": [key]}):
                assert await reader.ask(document, where={field: condition}) == nothing
    for field in relation_filters(model):
        target = relations(model)[field].batch
        assert await reader.ask(document, where={field: child_filter(reader.worlds.theirs, target, 1)}) == nothing


@pytest.mark.parametrize("name", ["students", "guardians", "users", "courses", "subjects"])
async def test_a_search_finds_none_of_theirs(reader: Reader, name: str) -> None:
    found = await reader.ask(f'{{ {name}(search: "{MARK}") {{ totalCount nodes {{ id }} }} }}')
    assert found == {name: {"totalCount": 0, "nodes": []}}


async def test_their_cursors_lead_to_our_rows(reader: Reader) -> None:
    worlds = reader.worlds
    theirs = Viewer(0, worlds.theirs.institution_id, frozenset({Role.ADMIN}), ZoneInfo("Asia/Kolkata"), 0)
    page_of = "students(first: 5, after: $after) { nodes { id lastName } pageInfo { endCursor } }"
    document = f"query($after: String) {{ {page_of} }}"
    answer = await run(reader.connections, theirs, document, {})
    page = answer.found["students"]
    assert {node["lastName"][:3] for node in page["nodes"]} == {MARK}
    found = await reader.ask(document, after=page["pageInfo"]["endCursor"])
    assert found["students"]["nodes"] == []


def test_the_check_finds_what_it_looks_for(worlds: Worlds) -> None:
    reader = Reader(worlds, worlds.database, 1)
    reader.check({"id": worlds.ours.gid(SchoolYear, 1), "values": [None, 1, "text"]})
    for leak in (worlds.theirs.gid(SchoolYear, 1), worlds.theirs.gid(Attendance, 1), "a zzz text", MARK):
        with pytest.raises(AssertionError):
            reader.check({"list": [{"value": leak}]})
