"""Every other way in: root fields of their own, records that are not there, ends of pages, cursors, lists of relations.

What is hidden must be like what does not exist, down to the statements that are run for it.
"""

import base64
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import orjson
import pytest
from strawberry.utils.str_converters import to_camel_case

from models import Base, ConfigurationSetting, Institution, SchoolProfile, SchoolYear, User
from schema.reads import RelatedPages
from tests.access.conftest import Stages
from tests.access.schools import PERSONAS, Persona
from tests.access.sheet import always, any_rows, sheet
from tests.access.test_asking import Asking, columns
from tests.access.walk import Expected
from tests.answers import Answer, run
from tests.reading.walking import order_columns
from tests.schema_map import entities, fragments, leaves, lists, lookups, object_type, relations, type_of, wrapped

pytestmark = pytest.mark.any_database

EVERYBODY = [pytest.param(persona, id=persona.name) for persona in PERSONAS]
SINGLE = {"institution": Institution, "schoolProfile": SchoolProfile, "currentSchoolYear": SchoolYear, "me": User}
CATEGORIES = ("GENERAL", "ACADEMIC", "FINANCIAL")
# Root fields that read no list and look no record up, each with its test: here, or where the comment says.
OTHERS = {*SINGLE, "node", "nodes", "settings", "configuration", "viewer", "exportSubject"}  # test_acting, privacy
OTHERS |= {"attendanceSummary", "attendanceReport", "attendanceStatistics", "chronicAbsence"}  # tests.reports
OTHERS |= {"missingAttendance", "rosters", "courseGradeMatrix", "gradeReport", "transcript"}  # tests.reports
OTHERS |= {"ranking", "studentPerformance", "courseGradeSummary", "missingGrades", "aggregate"}  # tests.reports
# Fields of records that are neither values nor records: see test_abilities, tests.trail, and tests.reports.
EXTRAS = {"viewerCan", "record", "changes", "students", "content", "live", "drift"}


def test_every_root_field_is_walked() -> None:
    """One that is new and of another kind fails here until it is tested for every role."""
    assert set(object_type("Query").fields) == {*lists().values(), *lookups().values()} | OTHERS
    for model in entities():
        fields = object_type(type_of(model)).fields.keys()
        assert fields - set(leaves(model)) - relations(model).keys() <= EXTRAS, type_of(model)


@pytest.mark.parametrize("persona", EVERYBODY)
@pytest.mark.parametrize("number", [0, 1], ids=["ours", "theirs"])
async def test_what_a_school_has_one_of(stages: Stages, number: int, persona: Persona) -> None:
    expected = Expected(stages.views[number], stages.schools[number], persona)
    for field, model in SINGLE.items():
        document = f"{{ {field} {{ ...{type_of(model)}1 }} }} {fragments(model, 1)}"
        found = (await stages.ask(number, persona, document)).found[field]
        key = found["id"]
        assert expected.sight.row(type_of(model), key), field
        assert _bare(found) == expected.record(model, key, 1)
        assert field != "me" or key == expected.sight.me


def _bare(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _bare(each) for name, each in value.items() if name != "pageInfo"}
    return [_bare(each) for each in value] if isinstance(value, list) else value


@pytest.mark.parametrize("persona", EVERYBODY)
async def test_settings_by_whichever_field(stages: Stages, persona: Persona) -> None:
    expected = Expected(stages.views[0], stages.schools[0], persona)
    flat = " ".join(leaves(ConfigurationSetting))
    parts = " ".join(f"{name.lower()} {{ {flat} }}" for name in CATEGORIES)
    found = (await stages.ask(0, persona, f"{{ settings {{ {flat} }} configuration {{ {parts} }} }}")).found
    whole = [row for name in CATEGORIES for row in found["configuration"][name.lower()]]
    own = expected.sight.rows("ConfigurationSetting")
    for rows in (found["settings"], whole):
        assert {row["id"] for row in rows} == own
        assert rows == expected.rows(ConfigurationSetting, [row["id"] for row in rows], 0)


class Listening:
    """The pool of a school's database, with every statement that is sent to it written down."""

    def __init__(self, stages: Stages) -> None:
        self.database = stages.database
        self.sent: list[str] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self.database, name)

    @asynccontextmanager
    async def read(self, *given: Any, **more: Any) -> AsyncIterator[Any]:
        lent: AbstractAsyncContextManager[Any] = self.database.read(*given, **more)
        async with lent as connection:
            yield Heard(connection, self.sent)


class Heard:
    def __init__(self, connection: Any, sent: list[str]) -> None:
        self.connection = connection
        self.sent = sent

    def __getattr__(self, name: str) -> Any:
        return getattr(self.connection, name)

    async def fetch(self, sql: str, *arguments: Any, **more: Any) -> Any:
        self.sent.append(sql)
        return await self.connection.fetch(sql, *arguments, **more)


async def told(stages: Stages, persona: Persona, document: str, **variables: Any) -> tuple[Any, ...]:
    """All that somebody learns of an answer, and what was sent to the database for it."""
    listening = Listening(stages)
    answer: Answer = await run(listening, stages.schools[0].viewer(persona), document, variables)
    return answer.data, answer.redactions, answer.students, answer.statements, listening.sent


@pytest.mark.parametrize("persona", EVERYBODY)
async def test_what_is_hidden_is_like_what_does_not_exist(stages: Stages, persona: Persona) -> None:
    """By `node`, by `nodes`, by the type's own field: the same answer, for the same statements."""
    school, other = stages.schools
    sight = Expected(stages.views[0], school, persona).sight
    compared = 0
    for model in entities():
        kind = type_of(model)
        absent = school.gid(model, {**school.rows[model][0], "id": 2**40})
        hidden = [key for key in school.gids(model) if not sight.row(kind, key)][:2]
        ways = [f"node(id: $id) {{ ...{kind}1 }}", f"nodes(ids: [$id]) {{ ...{kind}1 }}"]
        ways += [f"{lookups()[model]}(id: $id) {{ ...{kind}1 }}"] if model in lookups() else []
        for way in ways:
            document = f"query ($id: ID!) {{ {way} }} {fragments(model, 1)}"
            nothing = await told(stages, persona, document, id=absent)
            assert [*nothing[0].values()] in ([None], [[None]])
            for key in [*hidden, other.gids(model)[0]]:
                assert await told(stages, persona, document, id=key) == nothing, (way, key)
                compared += bool(nothing[4])
    assert compared > len(entities())


@pytest.mark.parametrize("persona", EVERYBODY)
async def test_hidden_rows_are_no_next_and_no_previous_page(stages: Stages, persona: Persona) -> None:
    asking = Asking(stages, persona)
    for model, name in lists().items():
        count = len(asking.in_use(model))
        if not 2 <= count <= 100:
            continue
        for given, more in ((f"first: {count}", False), (f"first: {count - 1}", True)):
            found = await ends(stages, persona, name, given)
            assert (found["hasNextPage"], found["hasPreviousPage"]) == (more, False), (name, given)
        for given, more in ((f"last: {count}", False), (f"last: {count - 1}", True)):
            found = await ends(stages, persona, name, given)
            assert (found["hasPreviousPage"], found["hasNextPage"]) == (more, False), (name, given)


async def ends(stages: Stages, persona: Persona, name: str, given: str) -> dict[str, Any]:
    answer = await stages.ask(0, persona, f"{{ {name}({given}) {{ pageInfo {{ hasNextPage hasPreviousPage }} }} }}")
    found: dict[str, Any] = answer.found[name]["pageInfo"]
    return found


def values_in(cursor: str) -> list[Any]:
    signed: str
    values: list[Any]
    signed, *values = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    assert re.fullmatch("[0-9a-f]{8}", signed)
    return values


def shown_of(asking: Asking, model: type[Base], key: str) -> set[str]:
    """What the persona is shown of a row and of the records that it leads to: values, and keys."""
    row = asking.in_use(model)[key]
    found, keys = values_of(asking, model, key), [key]
    for name, read in relations(model).items():
        led = row[name] if isinstance(row[name], list) else [row[name]]
        for each in led:
            if asking.seen(read.batch.model, each):
                found |= values_of(asking, read.batch.model, each)
                keys.append(each)
    return found | {each.rsplit("_", 1)[1] for each in keys}


def values_of(asking: Asking, model: type[Base], key: str) -> set[str]:
    kind = type_of(model)
    row, sight = asking.stages.views[0].records[kind][key], asking.expected.sight
    return {str(row[name]) for name in leaves(model) if name != "id" and sight.value(kind, name, key)}


def allowed_orders(model: type[Base], persona: Persona) -> Iterator[list[dict[str, str]] | None]:
    yield None
    for value, column in order_columns(model).items():
        line = to_camel_case(column)
        if f"{type_of(model)}.{line}" not in sheet() or always(type_of(model), line, persona):
            yield [{"field": value}]
            yield [{"field": value, "direction": "DESC"}]


@pytest.mark.parametrize("persona", EVERYBODY)
async def test_cursors_say_nothing_that_is_not_shown(stages: Stages, persona: Persona) -> None:
    """They can be read by whoever has them: each value in one is a value of its row that the persona sees."""
    asking, read = Asking(stages, persona), 0
    for model, name in lists().items():
        kind = type_of(model)
        if not any_rows(kind, persona):
            continue
        document = f"""query ($orderBy: [{kind}Order!]) {{
            {name}(first: 50, orderBy: $orderBy) {{ edges {{ cursor node {{ id }} }} }} }}"""
        for order in allowed_orders(model, persona):
            answer = await stages.ask(0, persona, document, orderBy=order)
            for edge in answer.found[name]["edges"]:
                shown = shown_of(asking, model, edge["node"]["id"])
                hidden = [each for each in values_in(edge["cursor"]) if each is not None and str(each) not in shown]
                assert hidden == [], (kind, order, edge["node"]["id"])
                read += 1
    assert read > 50


@pytest.mark.parametrize("persona", EVERYBODY)
async def test_lists_below_a_record_tell_no_more_than_root_lists(stages: Stages, persona: Persona) -> None:
    """Filtered or sorted by what is hidden, or of records of which none is seen: refused, or nothing."""
    for model, name in lists().items():
        for field, read in relations(model).items():
            target, arguments = read.batch.model, object_type(type_of(model)).fields[field].args
            if "where" not in arguments or not any_rows(type_of(model), persona):
                continue
            given = [*hidden_arguments(target, persona)] or ["where: {NOT: {}}"]
            for each in given if not any_rows(type_of(target), persona) else hidden_arguments(target, persona):
                document = f"{{ {name}(first: 100) {{ nodes {{ {field}({each}) {{ {wrapped(read, 'id')} }} }} }} }}"
                assert await nothing_told(stages, persona, document, name), (model, field, each)


async def nothing_told(stages: Stages, persona: Persona, document: str, name: str) -> bool:
    """Whether an answer is FORBIDDEN, or has null for the relation of every row and says why."""
    answer = await run(stages.database, stages.schools[0].viewer(persona), document, {}, refused=None)
    if answer.errors:
        return answer.refusal[0] == "FORBIDDEN"
    return bool(answer.redactions) and not any(any(row.values()) for row in answer.found[name]["nodes"])


def hidden_arguments(target: type[Base], persona: Persona) -> Iterator[str]:
    kind = type_of(target)
    for name in columns(target):
        if not always(kind, name, persona):
            yield f"where: {{{name}: {{eq: null}}}}"
    for value, column in order_columns(target).items():
        line = to_camel_case(column)
        if f"{kind}.{line}" in sheet() and not always(kind, line, persona):
            yield f"orderBy: [{{field: {value}}}]"


def test_relations_that_are_pages_count_in_scope() -> None:
    """What the walk compares of them: a selection of such a relation comes with its count."""
    paged = [read for model in entities() for read in relations(model).values() if isinstance(read, RelatedPages)]
    assert paged
    assert all("totalCount" in wrapped(read, "id") for read in paged)
