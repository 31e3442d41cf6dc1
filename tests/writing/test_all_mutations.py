"""What holds for every mutation, derived from its good call: see `tests/writing/good_calls.py`."""

import contextlib
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from graphql import GraphQLID, get_named_type, is_required_input_field
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models import Base, Role, UserRole
from resolvers.errors import spelled
from resolvers.permissions import MUTATIONS
from tests.audited import ENTRIES, _json, audited, last_entry
from tests.conftest import Execute, School
from tests.database import OneConnection
from tests.mutating import mutate
from tests.schema_map import input_type, object_type
from tests.writing.calls import Input
from tests.writing.events import checked_events
from tests.writing.good_calls import CALLS, ELSEWHERE
from tests.writing.locks import check_order
from tests.writing.sent import sent

# Verbs after which there is nothing to show.
GONE = ("delete", "remove", "unassign", "unlink")
ABSENT = 9_999_999_999
FIELDS = object_type("Mutation").fields


def inputs(name: str) -> Any:
    """The fields of a mutation's input, by name."""
    return input_type(get_named_type(FIELDS[name].args["input"].type).name).fields


def shown(name: str) -> str:
    """The id of the record that a mutation shows, where it shows one."""
    payload: Any = get_named_type(FIELDS[name].type)
    for field, each in payload.fields.items():
        if "id" in getattr(get_named_type(each.type), "fields", {}) and field != "errors":
            return f"record: {field} {{ id }}"
    return "__typename"


VERSIONED = [name for name in CALLS if "version" in inputs(name)]
LEAVABLE = {
    name: [field for field, each in inputs(name).items() if not is_required_input_field(each)] for name in CALLS
}
UPDATES = [name for name in VERSIONED if name.startswith("update")]
OTHERS = [name for name in CALLS if name not in UPDATES and LEAVABLE[name]]


@contextlib.asynccontextmanager
async def trial(connections: OneConnection) -> AsyncIterator[None]:
    """What the block writes is rolled back at its end."""
    nested = await connections.connection.begin_nested()
    try:
        yield
    finally:
        await nested.rollback()


def test_every_mutation_has_a_good_call() -> None:
    assert CALLS.keys() | ELSEWHERE == MUTATIONS.keys()
    assert not CALLS.keys() & ELSEWHERE


async def trail(connections: OneConnection, school: School) -> tuple[int, int]:
    """How many activities and events there are."""
    await connections.enter(school.id, 60)
    counted = "SELECT (SELECT count(*) FROM activity_log) AS done, (SELECT count(*) FROM outbox) AS told"
    row = await (await connections.driver()).fetchrow(counted)
    assert row
    return row["done"], row["told"]


async def told(connections: OneConnection, school: School, since: int) -> list[Any]:
    """The audit entries since: table, operation, and the content after, without the keys of what is made besides."""
    await connections.enter(school.id, 60)
    rows = await (await connections.driver()).fetch(ENTRIES, since)
    made = {(row["table_name"], str(row["record_id"])) for row in rows if row["operation"] == "INSERT"}
    return [(row["table_name"], row["operation"], _unkeyed(row, made)) for row in rows]


def _unkeyed(row: Any, made: set[tuple[str, str]]) -> Any:
    columns = Base.metadata.tables[row["table_name"]].columns
    after = _json(row["after"])
    for name in after or ():
        tables = {key.column.table.name for key in columns[name].foreign_keys}
        if name == "record_id":
            tables.add(after["entity"])
        if any((table, str(after[name])) in made for table in tables):
            after[name] = "made besides"
    return after


@pytest.mark.parametrize("name", CALLS)
async def test_a_good_call_is_done_and_audited(
    connections: OneConnection, session: AsyncSession, school: School, other_school: School, execute: Execute, name: str
) -> None:
    given = await CALLS[name](session, school)
    done, _ = await trail(connections, school)
    watched = audited(connections, school, other_school), checked_events(connections, school, given)
    async with watched[0], watched[1], sent(connections) as statements:
        payload = await mutate(execute, name, shown(name), **given)
    assert payload["errors"] == []
    check_order(statements)
    if name.startswith(GONE):
        assert payload["record"] is None
    elif "id" in given and "record" in payload:
        assert payload["record"] is not None
    assert (await trail(connections, school))[0] == done + 1


@pytest.mark.parametrize("name", CALLS)
async def test_who_may_call_it(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute, name: str
) -> None:
    """The good call is done for the roles that have a line, and changes nothing for all others."""
    rule = MUTATIONS[name]
    assert isinstance(rule, frozenset)
    given = await CALLS[name](session, school)
    document = (
        f"mutation($input: {FIELDS[name].args['input'].type}) {{ {name}(input: $input) {{ errors {{ code }} }} }}"
    )
    async with audited(connections, school, nothing=True):
        for role in set(Role) - rule:
            viewer = school.viewer(role, user_id=1)
            answer = await execute(document, viewer=viewer, refused=True, input=given)
            assert (answer.refusal[0], answer.data) == ("FORBIDDEN", {name: None}), role
    for role in rule:
        async with trial(connections):
            payload = await mutate(execute, name, "__typename", viewer=school.viewer(role, user_id=1), **given)
            assert payload["errors"] == [], role


async def holder(session: AsyncSession, role: str) -> str:
    """Who holds a role: the payload shows the user."""
    held = select(UserRole.user_id).where(UserRole.id == int(role.rsplit("_", 1)[1]))
    return f"usr_{await session.scalar(held)}"


@pytest.mark.parametrize("name", VERSIONED)
async def test_another_version_is_refused_with_the_record(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute, name: str
) -> None:
    given = await CALLS[name](session, school)
    async with audited(connections, school, nothing=True):
        payload = await mutate(execute, name, shown(name), **given | {"version": 7})
    (error,) = payload["errors"]
    assert (error["code"], error["field"], error["currentVersion"]) == ("CONFLICT", ["version"], 1)
    if "id" in given:
        assert payload["record"] == {"id": given["id"] if name != "revokeRole" else await holder(session, given["id"])}


def ids(kind: Any, given: Any, *path: Any) -> Iterator[tuple[Any, ...]]:
    """Paths to the ids in an input."""
    if isinstance(given, list):
        for place, each in enumerate(given):
            yield from ids(kind, each, *path, place)
    elif kind is GraphQLID and given is not None:
        yield path
    elif isinstance(given, dict):
        for name, value in given.items():
            yield from ids(get_named_type(kind.fields[name].type), value, *path, name)


def at(given: Any, path: tuple[Any, ...]) -> Any:
    for part in path:
        given = given[part]
    return given


def put(given: Any, path: tuple[Any, ...], value: Any) -> Any:
    """A copy of an input with another value at a path."""
    if not path:
        return value
    copied = list(given) if isinstance(given, list) else dict(given)
    copied[path[0]] = put(given[path[0]], path[1:], value)
    return copied


@pytest.mark.parametrize("name", CALLS)
async def test_ids_of_another_school_are_as_absent_ones(
    connections: OneConnection, session: AsyncSession, school: School, other_school: School, execute: Execute, name: str
) -> None:
    await connections.enter(other_school.id, 60)
    theirs = await CALLS[name](session, other_school)
    await connections.enter(school.id, 60)
    ours: Input = await CALLS[name](session, school)
    for path in ids(get_named_type(FIELDS[name].args["input"].type), ours):
        prefix = at(ours, path).rsplit("_", 1)[0]
        async with audited(connections, school, other_school, nothing=True):
            foreign = await mutate(execute, name, shown(name), **put(ours, path, at(theirs, path)))
            absent = await mutate(execute, name, shown(name), **put(ours, path, f"{prefix}_{ABSENT}"))
        assert foreign == absent
        (error,) = absent["errors"]
        assert (error["code"], error["field"]) == ("NOT_FOUND", [str(part) for part in path])


@pytest.mark.parametrize("name", UPDATES)
async def test_what_an_update_leaves_away_stays(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute, name: str
) -> None:
    given = await CALLS[name](session, school)
    assert set(LEAVABLE[name]) - given.keys() <= SPARED.get(name, set()), "the good call names all that can be changed"
    async with audited(connections, school, nothing=True):
        payload = await mutate(execute, name, "__typename", id=given["id"], version=1)
    assert payload["errors"] == []


# Fields of which columns of other names are kept.
SEALED = {
    "nationalId": {"national_id_sealed", "national_id_index", "national_id_last4"},
    "health": {"health_sealed"},
    "identifyingMarks": {"identifying_marks_sealed"},
}
# What the good call of an update does not set, for it would do more than that.
SPARED = {"updateUser": {"status", "mustChangePassword"}, "updateRolloverLine": {"exitReason"}}


@pytest.mark.parametrize("name", UPDATES)
async def test_the_same_values_write_nothing(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute, name: str
) -> None:
    given = await CALLS[name](session, school)
    assert (await mutate(execute, name, "__typename", **given))["errors"] == []
    before = await trail(connections, school)
    async with audited(connections, school, nothing=True):
        assert (await mutate(execute, name, "__typename", **given | {"version": 2}))["errors"] == []
    if name != "updateUser":
        assert await trail(connections, school) == before


@pytest.mark.parametrize(("name", "field"), [(name, field) for name in UPDATES for field in LEAVABLE[name]])
async def test_null_empties_a_field_or_is_refused_by_its_name(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute, name: str, field: str
) -> None:
    given = await CALLS[name](session, school)
    assert (await mutate(execute, name, "__typename", **given))["errors"] == []
    since = await last_entry(connections, school.id)
    async with audited(connections, school):
        change = {"id": given["id"], "version": 2, field: None}
        errors = (await mutate(execute, name, "__typename", **change))["errors"]
    entries = await told(connections, school, since)
    if errors:
        assert [(error["code"], error["field"]) for error in errors] == [("BAD_USER_INPUT", [field])]
        assert entries == []
    else:
        # What the record is a part of has only been touched.
        ((_, operation, after),) = [entry for entry in entries if entry[2]]
        columns = set(after) if field in SEALED else {spelled(column.removesuffix("_id")) for column in after}
        assert (operation, columns, set(after.values())) == ("UPDATE", SEALED.get(field, {field}), {None})


@pytest.mark.parametrize("name", OTHERS)
async def test_null_is_as_absent_where_nothing_is_to_be_kept(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute, name: str
) -> None:
    given = await CALLS[name](session, school)
    since = await last_entry(connections, school.id)
    for field in LEAVABLE[name]:
        answers = []
        for call in ({each: value for each, value in given.items() if each != field}, given | {field: None}):
            async with trial(connections):
                errors = (await mutate(execute, name, "__typename", **call))["errors"]
                answers.append((errors, await told(connections, school, since)))
        assert answers[0] == answers[1], field
