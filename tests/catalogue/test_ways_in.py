"""What somebody with a SQL client and the API's role could try beyond plain reading and writing."""

import re
from typing import Any

import asyncpg
import pytest

from app.urls import asyncpg_url
from models import Base
from tests.catalogue.test_row_security import KEPT, TABLES, TRAIL, as_tenant, refused, tenant_column
from tests.worlds import MARK, Worlds


async def row_of(owner: asyncpg.Connection, table: str, institution_id: int) -> dict[str, Any]:
    """A row as it stands there, without what the database works out itself."""
    found = await owner.fetchrow(f"SELECT * FROM {table} WHERE {tenant_column(table)} = $1 LIMIT 1", institution_id)
    assert found is not None
    return {name: value for name, value in found.items() if not Base.metadata.tables[table].columns[name].computed}


@pytest.mark.parametrize("table", [name for name in TABLES if name != "institution"])
async def test_without_a_tenant_no_row_can_be_written(
    api: asyncpg.Connection, owner: asyncpg.Connection, worlds: Worlds, table: str
) -> None:
    row = await row_of(owner, table, worlds.ours.institution_id)
    names = ", ".join(f'"{name}"' for name in row)
    places = ", ".join(f"${n}" for n in range(1, len(row) + 1))
    insert = f"INSERT INTO {table} ({names}) OVERRIDING SYSTEM VALUE VALUES ({places})"
    if "id" not in row:
        insert = insert.replace("OVERRIDING SYSTEM VALUE ", "")
    async with as_tenant(api, None), refused(api, "row-level security"):
        await api.execute(insert, *row.values())


@pytest.mark.parametrize("table", KEPT)
async def test_without_a_tenant_no_row_can_be_changed(api: asyncpg.Connection, worlds: Worlds, table: str) -> None:
    async with as_tenant(api, None):
        assert await api.execute(f"UPDATE {table} SET institution_id = institution_id") == "UPDATE 0"
        assert await api.execute(f"DELETE FROM {table}") == "DELETE 0"
        assert await api.execute("UPDATE institution SET name = 'Mine'") == "UPDATE 0"


@pytest.mark.parametrize("table", [name for name in TABLES if name not in TRAIL | {"institution"}])
async def test_the_tenant_is_asked_anew_on_each_run_of_a_prepared_statement(
    api: asyncpg.Connection, worlds: Worlds, table: str
) -> None:
    """Prepared under one school, with its plan kept, and run under another and under none."""
    ours, theirs = worlds.ours.institution_id, worlds.theirs.institution_id
    await api.execute("SET plan_cache_mode = force_generic_plan")
    async with as_tenant(api, ours):
        prepared = await api.prepare(f"SELECT institution_id FROM {table}")
        assert {row[0] for row in await prepared.fetch()} == {ours}
    async with as_tenant(api, theirs):
        assert {row[0] for row in await prepared.fetch()} == {theirs}
    async with as_tenant(api, None):
        assert await prepared.fetch() == []


async def test_the_tenant_may_change_within_a_transaction_and_counts_at_once(
    api: asyncpg.Connection, worlds: Worlds
) -> None:
    prepared = "PREPARE names AS SELECT DISTINCT institution_id FROM student"
    async with as_tenant(api, worlds.ours.institution_id):
        await api.execute(prepared)
        await api.execute(f"SET LOCAL app.institution_id = '{worlds.theirs.institution_id}'")
        assert [row[0] for row in await api.fetch("EXECUTE names")] == [worlds.theirs.institution_id]
        await api.execute("SET LOCAL app.institution_id = ''")
        assert await api.fetch("EXECUTE names") == []
        await api.execute("DEALLOCATE names")


async def test_a_held_cursor_has_what_its_session_was_shown_and_stays_there(
    api: asyncpg.Connection, worlds: Worlds
) -> None:
    async with api.transaction():
        await api.execute(f"SET LOCAL app.institution_id = '{worlds.ours.institution_id}'")
        await api.execute("DECLARE held CURSOR WITH HOLD FOR SELECT institution_id FROM student")
    assert {row[0] for row in await api.fetch("FETCH ALL FROM held")} == {worlds.ours.institution_id}
    other = await asyncpg.connect(asyncpg_url(worlds.urls.api))
    try:
        with pytest.raises(asyncpg.InvalidCursorNameError):
            await other.fetch("FETCH ALL FROM held")
    finally:
        await other.close()
    async with as_tenant(api, None):
        await api.execute("DECLARE empty CURSOR WITH HOLD FOR SELECT institution_id FROM student")
        assert await api.fetch("FETCH ALL FROM empty") == []


REFUSED = [
    "CREATE TEMPORARY TABLE kept AS SELECT * FROM student",
    "CREATE TEMPORARY VIEW kept AS SELECT * FROM student",
    "CREATE FUNCTION pg_temp.leak() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'",
    "CREATE SCHEMA own",
    "CREATE RULE leak AS ON SELECT TO student DO INSTEAD SELECT 1",
    "CREATE TRIGGER leak AFTER INSERT ON student EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    "CREATE STATISTICS leak ON first_name, last_name FROM student",
    "CREATE INDEX leak ON student (first_name)",
    "CREATE PUBLICATION leak FOR ALL TABLES",
    "CREATE EXTENSION dblink",
    "ALTER TABLE student ADD COLUMN leak text",
    "ALTER FUNCTION search_ids(text, text[], integer, bigint[], integer) RESET search_path",
    "ALTER DATABASE suite_worlds SET app.institution_id = '1'",
    "SET SESSION AUTHORIZATION schoolgraph_search",
    "SET ROLE pg_read_all_data",
    "SET session_replication_role = replica",
    "SET log_statement = 'all'",
    "SELECT lo_import('/etc/passwd')",
    "SELECT * FROM pg_largeobject",
    "SELECT * FROM pg_statistic",
    "SELECT stxdmcv FROM pg_statistic_ext_data",
    "SELECT pg_read_binary_file('global/pg_control')",
    "SELECT pg_ls_dir('.')",
    "SELECT * FROM pg_hba_file_rules",
    "SELECT * FROM pg_shadow",
    "SELECT pg_logical_emit_message(true, 'a', 'b'), pg_create_logical_replication_slot('a', 'pgoutput')",
    "COPY (SELECT 1) TO PROGRAM 'cat'",
    "COPY alembic_version FROM '/etc/passwd'",
    "LOCK TABLE audit_log IN ACCESS EXCLUSIVE MODE",
    "SELECT nextval('guardian_id_seq')",
    "SELECT setval('student_id_seq', 1)",
    "SELECT last_value FROM student_id_seq",
    "REASSIGN OWNED BY schoolgraph_owner TO schoolgraph_api",
]


@pytest.mark.parametrize("command", REFUSED)
async def test_nothing_of_it_is_for_the_api(api: asyncpg.Connection, worlds: Worlds, command: str) -> None:
    async with as_tenant(api, worlds.ours.institution_id), refused(api):
        await api.execute(command)


async def test_statistics_tell_nothing_of_anybodys_rows(
    api: asyncpg.Connection, owner: asyncpg.Connection, worlds: Worlds
) -> None:
    """They hold values of all schools: the most frequent names, the bounds of the histogram."""
    await owner.execute("ANALYZE student")
    assert await owner.fetchval("SELECT count(*) FROM pg_stats WHERE tablename = 'student'") > 0
    async with as_tenant(api, worlds.ours.institution_id):
        assert await api.fetch("SELECT tablename FROM pg_stats WHERE tablename = ANY ($1)", TABLES) == []
        assert await api.fetch("SELECT tablename FROM pg_stats_ext") == []


async def test_a_plan_shows_no_value_of_another(
    api: asyncpg.Connection, owner: asyncpg.Connection, worlds: Worlds
) -> None:
    """How many rows there are in all PostgreSQL tells everybody (`pg_class.reltuples`); what they say it does not."""
    await owner.execute("ANALYZE student")
    async with as_tenant(api, worlds.ours.institution_id):
        for given in (f"{MARK}Asha0", "Asha0"):
            lines = await api.fetch(
                f"EXPLAIN (ANALYZE, VERBOSE, COSTS OFF, TIMING OFF, SUMMARY OFF)"
                f" SELECT first_name FROM student WHERE first_name = '{given}'"
            )
            shown = "\n".join(row[0] for row in lines).replace(f"'{given}'", "")
            assert MARK not in shown
        found = re.search(r"rows=(\d+)", shown)
        assert found
        assert int(found[1]) == 1


async def test_a_function_of_ones_own_in_a_condition_meets_own_rows_only(
    api: asyncpg.Connection, worlds: Worlds
) -> None:
    """A condition that fails on a row would tell what the row says: the policy is asked before it."""
    async with as_tenant(api, worlds.ours.institution_id):
        count = await api.fetchval("SELECT count(*) FROM student WHERE 1 / (left(first_name, 3) <> 'ZZZ')::int = 1")
        assert count == len(worlds.ours.ids["student"])


async def test_a_value_that_another_school_has_is_free(
    api: asyncpg.Connection, owner: asyncpg.Connection, worlds: Worlds
) -> None:
    """Every unique key is one school's, so that no refusal tells what another has."""
    code = await owner.fetchval(
        "SELECT code FROM subject WHERE institution_id = $1 AND name LIKE '%Subject 0'", worlds.theirs.institution_id
    )
    insert = "INSERT INTO subject (institution_id, name, code) VALUES ($1, $2, $3)"
    async with as_tenant(api, worlds.ours.institution_id):
        theirs = (worlds.ours.institution_id, f"{MARK}Subject 0", code)
        assert await api.execute(insert, *theirs) == "INSERT 0 1"
        with pytest.raises(asyncpg.UniqueViolationError) as caught:
            await api.execute(insert, *theirs)
    # Under row-level security PostgreSQL does not say which values were taken.
    assert (caught.value.detail, MARK in str(caught.value)) == (None, False)


async def test_a_reference_to_another_schools_row_is_one_to_no_row(api: asyncpg.Connection, worlds: Worlds) -> None:
    """The same refusal, word for word, whether the row exists in another school or nowhere."""
    ours, told = worlds.ours.institution_id, []
    insert = "INSERT INTO scholarship (institution_id, student_id, name, start_date)"
    insert += " VALUES ($1, $2, 'Merit', '2025-06-01')"
    for student in (worlds.theirs.ids["student"][0], 2**60):
        async with as_tenant(api, ours):
            with pytest.raises(asyncpg.ForeignKeyViolationError) as caught:
                await api.execute(insert, ours, student)
        told.append(f"{caught.value} {caught.value.detail}".replace(str(student), "ID"))
    assert told[0] == told[1]


async def test_what_other_roles_are_doing_is_not_shown(
    api: asyncpg.Connection, owner: asyncpg.Connection, worlds: Worlds
) -> None:
    assert await owner.fetchval("SELECT 'of the owner'") == "of the owner"
    async with as_tenant(api, worlds.ours.institution_id):
        seen = await api.fetch("SELECT query FROM pg_stat_activity WHERE usename = 'schoolgraph_owner'")
    assert {row[0] for row in seen} == {"<insufficient privilege>"}


async def test_large_objects_of_others_cannot_be_read(
    api: asyncpg.Connection, owner: asyncpg.Connection, worlds: Worlds
) -> None:
    made = await owner.fetchval("SELECT lo_from_bytea(0, 'of the owner')")
    try:
        async with as_tenant(api, worlds.ours.institution_id):
            for command in (f"SELECT lo_get({made})", f"SELECT lo_put({made}, 0, 'x')", f"SELECT lo_unlink({made})"):
                async with refused(api):
                    await api.execute(command)
    finally:
        await owner.execute(f"SELECT lo_unlink({made})")


@pytest.mark.parametrize("table", sorted(TRAIL))
async def test_the_trail_has_no_other_door(api: asyncpg.Connection, worlds: Worlds, table: str) -> None:
    """Not by a conflict, a merge, a lock for update, a column or a cascade; and the rows are the same afterwards."""
    async with as_tenant(api, worlds.ours.institution_id):
        before = await api.fetch(f"SELECT * FROM {table} ORDER BY id")
        for command in (
            f"INSERT INTO {table} SELECT * FROM {table} ON CONFLICT (institution_id, id) DO UPDATE SET at = now()",
            f"MERGE INTO {table} t USING (SELECT 1) o ON true WHEN MATCHED THEN DELETE",
            f"MERGE INTO {table} t USING (SELECT 1) o ON true WHEN MATCHED THEN UPDATE SET at = now()",
            f"SELECT * FROM {table} FOR UPDATE",
            f"DECLARE c CURSOR FOR SELECT * FROM {table} FOR UPDATE",
            f"WITH gone AS (DELETE FROM {table} RETURNING *) SELECT * FROM gone",
            f"ALTER TABLE {table} DISABLE TRIGGER ALL",
            f"DROP TABLE {table}",
            f"TRUNCATE {table} CASCADE",
        ):
            async with refused(api):
                await api.execute(command)
        assert await api.fetch(f"SELECT * FROM {table} ORDER BY id") == before
        assert len(before) == len(worlds.ours.ids[table])
