"""Row-level security as the API's role meets it: without a tenant nothing, with one nothing of another's."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest

from models import Base
from tests.worlds import Worlds

TABLES = sorted(Base.metadata.tables)
TRAIL = {"access_log", "activity_log", "audit_log"}
KEPT = [name for name in TABLES if name not in TRAIL | {"institution"}]
NO_RIGHT = asyncpg.InsufficientPrivilegeError


def tenant_column(table: str) -> str:
    return "id" if table == "institution" else "institution_id"


@asynccontextmanager
async def as_tenant(api: asyncpg.Connection, institution_id: int | None) -> AsyncIterator[None]:
    """A transaction of an institution that is rolled back."""
    transaction = api.transaction()
    await transaction.start()
    try:
        if institution_id is not None:
            await api.execute(f"SET LOCAL app.institution_id = '{institution_id}'")
        yield
    finally:
        await transaction.rollback()


@asynccontextmanager
async def refused(api: asyncpg.Connection, words: str | None = None) -> AsyncIterator[None]:
    """What is tried is refused for want of a right, and the transaction goes on."""
    savepoint = api.transaction()
    await savepoint.start()
    with pytest.raises(NO_RIGHT, match=words):
        yield
    await savepoint.rollback()


async def count(api: asyncpg.Connection, table: str, condition: str = "true") -> int:
    found: int = await api.fetchval(f"SELECT count(*) FROM {table} WHERE {condition}")
    return found


@pytest.mark.parametrize("table", TABLES)
async def test_without_a_tenant_there_are_no_rows(api: asyncpg.Connection, table: str) -> None:
    async with as_tenant(api, None):
        assert await count(api, table) == 0
    async with as_tenant(api, 2**62):
        assert await count(api, table) == 0


@pytest.mark.parametrize("table", TABLES)
async def test_a_tenant_sees_its_own_rows_alone(api: asyncpg.Connection, worlds: Worlds, table: str) -> None:
    ours, theirs = worlds.ours.institution_id, worlds.theirs.institution_id
    async with as_tenant(api, ours):
        own = await count(api, table)
        assert own == await count(api, table, f"{tenant_column(table)} = {ours}") > 0
        assert await count(api, table, f"{tenant_column(table)} = {theirs}") == 0
    async with as_tenant(api, theirs):
        assert await count(api, table, f"{tenant_column(table)} = {theirs}") == own


@pytest.mark.parametrize("table", KEPT)
async def test_rows_of_another_cannot_be_changed(api: asyncpg.Connection, worlds: Worlds, table: str) -> None:
    """They are not there: nothing is updated, nothing deleted."""
    ours, theirs = worlds.ours.institution_id, worlds.theirs.institution_id
    async with as_tenant(api, ours):
        update = f"UPDATE {table} SET institution_id = institution_id WHERE institution_id = {theirs}"
        assert await api.execute(update) == "UPDATE 0"
        assert await api.execute(f"DELETE FROM {table} WHERE institution_id = {theirs}") == "DELETE 0"


@pytest.mark.parametrize("table", [name for name in TABLES if name != "institution"])
async def test_rows_cannot_be_made_for_another(api: asyncpg.Connection, worlds: Worlds, table: str) -> None:
    """A copy of an own row, given away."""
    ours, theirs = worlds.ours.institution_id, worlds.theirs.institution_id
    columns = [c.name for c in Base.metadata.tables[table].columns if not c.computed and c.name != "institution_id"]
    listed = ", ".join(f'"{name}"' for name in columns)
    copy = f"INSERT INTO {table} (institution_id, {listed}) SELECT {{}}, {listed} FROM {table} LIMIT 1"
    async with as_tenant(api, ours), refused(api, "row-level security"):
        await api.execute(copy.format(theirs))
    async with as_tenant(api, None):
        assert await api.execute(copy.format(ours)) == "INSERT 0 0"


@pytest.mark.parametrize("table", KEPT)
async def test_a_row_cannot_be_given_away(api: asyncpg.Connection, worlds: Worlds, table: str) -> None:
    async with as_tenant(api, worlds.ours.institution_id), refused(api, "row-level security"):
        await api.execute(f"UPDATE {table} SET institution_id = {worlds.theirs.institution_id}")


async def test_without_a_tenant_nothing_can_be_inserted(api: asyncpg.Connection, worlds: Worlds) -> None:
    async with as_tenant(api, None), refused(api, "row-level security"):
        await api.execute(
            "INSERT INTO subject (institution_id, name) VALUES ($1, 'Nobody''s')", worlds.ours.institution_id
        )


@pytest.mark.parametrize("table", sorted(TRAIL))
async def test_the_trail_can_be_added_to_and_not_changed(api: asyncpg.Connection, worlds: Worlds, table: str) -> None:
    async with as_tenant(api, worlds.ours.institution_id):
        for command in (f"UPDATE {table} SET at = now()", f"DELETE FROM {table}", f"TRUNCATE {table}"):
            async with refused(api, "permission denied"):
                await api.execute(command)


FORBIDDEN = [
    "SET ROLE schoolgraph_owner",
    "SET ROLE schoolgraph_search",
    "SET ROLE postgres",
    "SET SESSION AUTHORIZATION schoolgraph_owner",
    "ALTER TABLE student DISABLE ROW LEVEL SECURITY",
    "ALTER TABLE student OWNER TO schoolgraph_api",
    "ALTER ROLE schoolgraph_api BYPASSRLS",
    "DROP POLICY tenant ON student",
    "CREATE POLICY all_of_them ON student USING (true)",
    "CREATE TABLE own (id int)",
    "CREATE VIEW leak AS SELECT * FROM student",
    "CREATE FUNCTION leak() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "TRUNCATE student",
    "INSERT INTO institution (code, name) VALUES ('NEW', 'New')",
    "DELETE FROM institution",
    "SELECT * FROM attendance_pdefault",
    "SELECT * FROM attendance_p2001",
    "INSERT INTO attendance_pdefault SELECT * FROM attendance",
    "COPY attendance_pdefault TO STDOUT",
    "COPY student TO PROGRAM 'cat'",
    "COPY student TO '/tmp/students'",
    "SELECT pg_read_file('/etc/passwd')",
    "SELECT rolpassword FROM pg_authid",
    "SELECT make_attendance_partitions('2030-01-01', '2030-12-31')",
    "DELETE FROM alembic_version",
]


@pytest.mark.parametrize("command", FORBIDDEN)
async def test_there_is_no_way_around(api: asyncpg.Connection, worlds: Worlds, command: str) -> None:
    async with as_tenant(api, worlds.ours.institution_id), refused(api):
        await api.execute(command)


async def test_rows_are_not_copied_in_past_the_policies(api: asyncpg.Connection, worlds: Worlds) -> None:
    async with as_tenant(api, worlds.ours.institution_id):
        with pytest.raises(asyncpg.FeatureNotSupportedError, match="row-level security"):
            await api.copy_records_to_table("subject", records=[(1, "Copied")], columns=["institution_id", "name"])


async def test_rows_are_copied_out_under_the_policies(api: asyncpg.Connection, worlds: Worlds) -> None:
    async with as_tenant(api, worlds.ours.institution_id):
        copied = await api.fetchval("SELECT count(*) FROM student")
        assert await api.execute("COPY student TO STDOUT") == f"COPY {copied}"
    async with as_tenant(api, None):
        assert await api.execute("COPY student TO STDOUT") == "COPY 0"


async def test_switching_row_security_off_shows_nothing_more(api: asyncpg.Connection, worlds: Worlds) -> None:
    async with as_tenant(api, worlds.ours.institution_id):
        await api.execute("SET LOCAL row_security = off")
        async with refused(api, "row-level security"):
            await api.fetch("SELECT id FROM student")


async def test_the_setting_ends_with_its_transaction(api: asyncpg.Connection, worlds: Worlds) -> None:
    """What is left is an empty text, which is no tenant and no error."""
    async with as_tenant(api, worlds.ours.institution_id):
        assert await count(api, "student") > 0
    assert await api.fetchval("SELECT current_setting('app.institution_id')") == ""
    assert await count(api, "student") == 0
    assert await api.fetch("SELECT * FROM search_ids('student', ARRAY['asha'], 10, NULL, NULL)") == []


@pytest.mark.parametrize("tenant", ["abc", "1; DROP TABLE student", "1 OR 1=1"])
async def test_a_tenant_is_a_number(api: asyncpg.Connection, tenant: str) -> None:
    async with as_tenant(api, None):
        await api.execute("SELECT set_config('app.institution_id', $1, true)", tenant)
        with pytest.raises(asyncpg.InvalidTextRepresentationError):
            await api.fetch("SELECT id FROM student")


async def test_the_search_reads_the_tenant_itself(api: asyncpg.Connection, worlds: Worlds) -> None:
    search = "SELECT id FROM search_ids('student', ARRAY['asha'], 1000, NULL, NULL)"
    for world in (worlds.ours, worlds.theirs):
        async with as_tenant(api, world.institution_id):
            assert {row["id"] for row in await api.fetch(search)} == set(world.ids["student"])
            with pytest.raises(asyncpg.InvalidParameterValueError, match="cannot search in session"):
                await api.fetch("SELECT * FROM search_ids('session', ARRAY['a'], 10, NULL, NULL)")


async def test_signing_in_finds_an_institution_by_its_code_and_nothing_else(
    api: asyncpg.Connection, worlds: Worlds
) -> None:
    by_code = "SELECT id, status FROM institution_by_code($1)"
    assert [tuple(row) for row in await api.fetch(by_code, "OURS")] == [(worlds.ours.institution_id, "ACTIVE")]
    for code in ("ours", "OUR%", "", None):
        assert await api.fetch(by_code, code) == []


async def test_an_operator_finds_the_own_institution_and_those_on_the_list(
    api: asyncpg.Connection, worlds: Worlds
) -> None:
    chosen = "SELECT id, code, name, status FROM institutions_of($1)"
    ours, theirs = worlds.ours, worlds.theirs
    own = (ours.institution_id, "OURS", "Our School", "ACTIVE")
    async with as_tenant(api, ours.institution_id):
        operator = ours.ids["app_user"][0]
        for user in (operator, theirs.ids["app_user"][0], 0, None):
            assert [tuple(row) for row in await api.fetch(chosen, user)] == [own]
        listed = "INSERT INTO user_institution (institution_id, user_id, acting_institution_id) VALUES ($1, $2, $3)"
        await api.execute(listed, ours.institution_id, operator, theirs.institution_id)
        assert [row["code"] for row in await api.fetch(chosen, operator)] == ["OURS", "ZZZ2"]
        assert [row["code"] for row in await api.fetch(chosen, ours.ids["app_user"][1])] == ["OURS"]
    async with as_tenant(api, None):
        assert await api.fetch(chosen, operator) == []


async def test_the_reading_role_is_under_the_same_policies(reader: asyncpg.Connection, worlds: Worlds) -> None:
    async with as_tenant(reader, None):
        assert await count(reader, "student") == 0
    async with as_tenant(reader, worlds.ours.institution_id):
        found = {row["id"] for row in await reader.fetch("SELECT id FROM student")}
        assert found == set(worlds.ours.ids["student"])
        for command in (
            "SELECT password_hash FROM app_user",
            "SELECT token_hash FROM session",
            "SELECT key_hash FROM api_key",
            "SELECT id FROM reset_token",
            "UPDATE student SET first_name = 'X'",
            "INSERT INTO subject (institution_id, name) VALUES (1, 'X')",
            "DELETE FROM subject",
            "SELECT * FROM institution_by_code('OURS')",
        ):
            async with refused(reader, "permission denied"):
                await reader.execute(command)
