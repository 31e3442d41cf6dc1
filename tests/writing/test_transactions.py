"""A mutation is one transaction, payload included: committed as a whole, or leaving nothing, not even a connection."""

import asyncio
from typing import Any

import asyncpg
import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.pool import QueuePool

from models import Subject, User
from resolvers.context import Context
from tests.answers import ENGINE, NOW, operation
from tests.waiting import until, until_waiting
from tests.writing.conftest import Committed

UPDATE = """mutation($input: UpdateUserInput!) {
    updateUser(input: $input) { user { firstName version roles { role } } errors { code field currentVersion } }
}"""
NAMES = "SELECT string_agg(coalesce(first_name, '-'), ' ' ORDER BY id) FROM app_user"
ENTRIES = (
    "SELECT (SELECT count(*) FROM audit_log) + (SELECT count(*) FROM activity_log) + (SELECT count(*) FROM outbox)"
)
BUSY = """SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND usename = 'schoolgraph_api'
    AND state <> 'idle'"""


def change(user: str, name: str, version: int = 1) -> dict[str, Any]:
    return {"id": user, "version": version, "firstName": name}


async def untouched(committed: Committed) -> bool:
    """Nothing is written, and no connection is still lent or in a transaction."""
    pool = committed.database.engine.pool
    assert isinstance(pool, QueuePool)
    assert pool.checkedout() == 0
    async with committed.admin() as admin:

        async def idle() -> bool:
            return bool(await admin.fetchval(BUSY) == 0)

        await until(idle)
    return bool(await committed.value(NAMES) == "Meera Meera" and await committed.value(ENTRIES) == 0)


async def test_a_payload_shows_what_was_written_and_it_is_committed(committed: Committed) -> None:
    answer = await committed.ask(UPDATE, input=change(committed.users[0], "Mira"))
    user = {"firstName": "Mira", "version": 2, "roles": [{"role": "ADMIN"}]}
    assert answer.found["updateUser"] == {"user": user, "errors": []}
    assert await committed.value(NAMES) == "Mira Meera"
    assert await committed.value(ENTRIES) == 3


async def test_each_field_is_a_transaction_of_its_own(committed: Committed) -> None:
    first, second = committed.users
    document = """mutation($a: UpdateUserInput!, $b: UpdateUserInput!, $c: UpdateUserInput!) {
        a: updateUser(input: $a) { user { firstName } errors { code } }
        b: updateUser(input: $b) { user { firstName version } errors { code currentVersion } }
        c: updateUser(input: $c) { user { firstName version } errors { code } }
    }"""
    answer = await committed.ask(document, a=change(first, "Mira"), b=change(first, "Maya"), c=change(second, "Asha"))
    assert answer.found == {
        "a": {"user": {"firstName": "Mira"}, "errors": []},
        "b": {"user": {"firstName": "Mira", "version": 2}, "errors": [{"code": "CONFLICT", "currentVersion": 2}]},
        "c": {"user": {"firstName": "Asha", "version": 2}, "errors": []},
    }
    assert await committed.value(NAMES) == "Mira Asha"


async def test_an_error_in_the_payload_undoes_the_change(committed: Committed) -> None:
    """So that an error of a mutation's field always says that nothing was done."""
    document = """mutation($a: UpdateUserInput!, $b: UpdateUserInput!) {
        a: updateUser(input: $a) { user { gradesGiven(first: 5000) { totalCount } } errors { code } }
        b: updateUser(input: $b) { user { firstName } errors { code } }
    }"""
    a, b = change(committed.users[0], "Mira"), change(committed.users[1], "Asha")
    answer = await committed.ask(document, refused=True, a=a, b=b)
    assert answer.data == {"a": None, "b": {"user": {"firstName": "Asha"}, "errors": []}}
    assert answer.refusal == ("BAD_USER_INPUT", "first")
    assert await committed.value(NAMES) == "Meera Asha"


async def test_a_commit_that_fails_takes_the_payload_along(committed: Committed) -> None:
    async with committed.owner() as owner:
        await owner.execute("ALTER TABLE app_user ADD UNIQUE (institution_id, position) DEFERRABLE INITIALLY DEFERRED")
        await owner.execute("UPDATE app_user SET position = 'Head' WHERE username = 'second'")
    given = change(committed.users[0], "Mira") | {"position": "Head"}
    answer = await committed.ask(UPDATE, refused=True, input=given)
    assert answer.data == {"updateUser": None}
    assert isinstance(answer.errors[0].original_error, IntegrityError)
    assert answer.errors[0].path == ["updateUser"]
    assert await untouched(committed)


async def test_a_commit_that_breaks_a_known_rule_says_so(committed: Committed) -> None:
    """A rule that is checked late gives the refusal that it gives early, though the payload is gone."""
    async with committed.owner() as owner:
        await owner.execute("DROP INDEX ix_app_user_institution_id_username_folded")
        await owner.execute(
            "ALTER TABLE app_user ADD CONSTRAINT ix_app_user_institution_id_username_folded"
            " UNIQUE (institution_id, position) DEFERRABLE INITIALLY DEFERRED"
        )
        await owner.execute("UPDATE app_user SET position = 'Head' WHERE username = 'second'")
    answer = await committed.ask(
        UPDATE, refused=True, input={"id": committed.users[0], "version": 1, "position": "Head"}
    )
    assert (answer.data, answer.refusal) == ({"updateUser": None}, ("CONFLICT", "username"))
    assert await untouched(committed)


def context_of(committed: Committed, seconds: float = 60) -> Context:
    return Context(committed.database, committed.viewer, now=NOW, timeout=seconds)


LOCK = "SELECT 1 FROM app_user WHERE username = 'first' FOR UPDATE"


async def test_a_statement_that_takes_too_long_leaves_nothing(committed: Committed) -> None:
    variables = {"input": change(committed.users[0], "Mira")}
    async with committed.owner() as owner, owner.transaction():
        await owner.execute(LOCK)
        async with context_of(committed, 0.2) as context:
            result = await ENGINE.execute(operation(UPDATE), variables, context)
    assert result.data == {"updateUser": None}
    assert result.errors is not None
    assert isinstance(result.errors[0].original_error, TimeoutError)
    assert await untouched(committed)


async def cancel_while_it_waits(committed: Committed, lock: str) -> None:
    """Cancel a mutation that has come to where it waits for the lock."""

    async def work() -> None:
        async with context_of(committed) as context:
            await ENGINE.execute(operation(UPDATE), {"input": change(committed.users[0], "Mira")}, context)

    async with committed.owner() as owner, owner.transaction():
        await owner.execute(lock)
        task = asyncio.create_task(work())
        await until_waiting(owner)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


async def test_a_mutation_cancelled_in_its_work_leaves_nothing(committed: Committed) -> None:
    await cancel_while_it_waits(committed, LOCK)
    assert await untouched(committed)


async def test_a_mutation_cancelled_in_its_payload_leaves_nothing(committed: Committed) -> None:
    await cancel_while_it_waits(committed, "LOCK TABLE user_role IN ACCESS EXCLUSIVE MODE")
    assert await untouched(committed)


SLOW_COMMIT = """
CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS
    'BEGIN PERFORM pg_advisory_xact_lock(7); RETURN NULL; END';
CREATE CONSTRAINT TRIGGER slow AFTER UPDATE ON app_user DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION wait();
"""


async def test_a_mutation_cancelled_in_its_commit_leaves_nothing(committed: Committed) -> None:
    async with committed.owner() as owner:
        await owner.execute(SLOW_COMMIT)
    await cancel_while_it_waits(committed, "SELECT pg_advisory_xact_lock(7)")
    assert await untouched(committed)


async def test_of_two_who_saw_the_same_version_one_is_first(committed: Committed) -> None:
    names = ["Mira", "Maya", "Asha"]
    answers = await asyncio.gather(*(committed.ask(UPDATE, input=change(committed.users[0], name)) for name in names))
    found = [answer.found["updateUser"]["errors"] for answer in answers]
    conflict = [{"code": "CONFLICT", "field": ["version"], "currentVersion": 2}]
    assert sorted(map(len, found)) == [0, 1, 1]
    assert [errors for errors in found if errors] == [conflict, conflict]
    assert (await committed.value(NAMES)).split()[0] == names[found.index([])]


async def test_two_administrators_do_not_retire_each_other(committed: Committed) -> None:
    document = "mutation($input: RetireUserInput!) { retireUser(input: $input) { errors { code field } } }"
    answers = await asyncio.gather(
        *(committed.ask(document, input={"id": user, "version": 1}) for user in committed.users)
    )
    found = [answer.found["retireUser"]["errors"] for answer in answers]
    assert sorted(map(len, found)) == [0, 1]
    assert [{"code": "BAD_USER_INPUT", "field": ["id"]}] in found
    assert await committed.value("SELECT count(*) FROM app_user WHERE deleted_at IS NULL") == 1


async def test_a_dry_run_shows_what_it_would_do(committed: Committed) -> None:
    async with context_of(committed) as context, context.mutation() as transaction:
        transaction.dry = True
        async with context.change("user.update") as change:
            await change.insert_rows(Subject, [{"name": "Latin"}])
    assert await committed.value("SELECT count(*) FROM subject") == 0
    assert await untouched(committed)


async def test_the_audit_does_not_depend_on_the_databases_time_zone(committed: Committed) -> None:
    async with committed.owner() as owner:
        name = await owner.fetchval("SELECT current_database()")
        await owner.execute(f"ALTER DATABASE {name} SET timezone TO 'Asia/Kolkata'")
    await committed.database.engine.dispose()
    async with context_of(committed) as context, context.change("user.retire") as change:
        await change.update_rows(User, [{"id": int(committed.users[0].removeprefix("usr_")), "deleted_at": NOW}])
        (await change.one(User, int(committed.users[1].removeprefix("usr_")))).deleted_at = NOW
    told = "SELECT array_agg(DISTINCT after->>'deleted_at') FROM audit_log"
    assert await committed.value(told) == ["2025-11-20T06:30:00+00:00"]


async def test_the_role_of_the_server_cannot_change_the_trail(committed: Committed) -> None:
    async with committed.database.write(committed.institution_id, 10) as session:
        driver: Any = (await (await session.connection()).get_raw_connection()).driver_connection
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await driver.execute("DELETE FROM audit_log")
