"""Who may do what: row-level security on every table, and rights that are listed here one by one."""

import asyncpg
import pytest

from app.urls import Urls, asyncpg_url
from models import Base
from tests.catalogue.reading import Catalogue

OWNER, API, READ, SEARCH = "schoolgraph_owner", "schoolgraph_api", "schoolgraph_read", "schoolgraph_search"
ROLES = [API, OWNER, READ, SEARCH]
BARE = "({column} = (NULLIF(current_setting('app.institution_id'::text, true), ''::text))::bigint)"
TRAIL = {"access_log", "activity_log", "audit_log"}
# What the role for reports cannot read: what opens an account.
SECRET_TABLES = {"reset_token", "idempotency_key"}
SECRET_COLUMNS = {
    ("app_user", "password_hash"),
    ("api_key", "key_hash"),
    ("session", "token_hash"),
}
# These open nothing without the server's keys.
SEALED = {("student", f"{name}_sealed") for name in ("national_id", "health", "identifying_marks")}
SEARCHED = {"student", "guardian", "app_user", "course", "subject"}
PRIVILEGES = ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"]
PARTITIONS = "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'attendance'::regclass"
COLUMN_RIGHTS = """
    SELECT c.oid::regclass::text AS "table", a.attname AS name, p AS privilege
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped,
         unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'REFERENCES']) p
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')
      AND has_column_privilege($1, c.oid, a.attnum, p)
"""


async def test_every_table_is_under_row_level_security(catalogue: Catalogue) -> None:
    """The partitions too, though nobody may read them."""
    secured = await catalogue.names(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relrowsecurity"
    )
    assert set(secured) == await catalogue.tables() | set(await catalogue.names(PARTITIONS))
    assert await catalogue.tables() == set(Base.metadata.tables)


async def test_policies_compare_with_the_transactions_tenant(catalogue: Catalogue) -> None:
    found = await catalogue.rows("SELECT * FROM pg_policies WHERE policyname <> 'search'")
    assert {row["tablename"] for row in found} == await catalogue.tables()
    assert len(found) == len(await catalogue.tables())
    for row in found:
        test = BARE.format(column="id" if row["tablename"] == "institution" else "institution_id")
        assert (row["policyname"], row["permissive"], row["cmd"]) == ("tenant", "PERMISSIVE", "ALL")
        assert (row["qual"], row["with_check"]) == (test, test), row["tablename"]
        assert set(row["roles"]) == {API, READ}


async def test_only_the_search_role_reads_across_institutions(catalogue: Catalogue) -> None:
    found = await catalogue.rows("SELECT * FROM pg_policies WHERE policyname = 'search'")
    assert {row["tablename"] for row in found} == SEARCHED | {"institution", "user_institution", "access_log"}
    for row in found:
        assert (row["cmd"], row["qual"], row["with_check"], list(row["roles"])) == ("SELECT", "true", None, [SEARCH])


async def test_roles_cannot_get_around_it(catalogue: Catalogue) -> None:
    found = await catalogue.rows("SELECT * FROM pg_roles WHERE rolname LIKE 'schoolgraph%' ORDER BY rolname")
    assert [row["rolname"] for row in found] == ROLES
    for row in found:
        powers = ("rolsuper", "rolbypassrls", "rolcreatedb", "rolcreaterole", "rolreplication")
        assert not any(row[power] for power in powers), row["rolname"]


async def test_no_role_can_become_another(catalogue: Catalogue) -> None:
    """But the owner, which replaces the search role's functions."""
    for role in ROLES:
        for other in [*ROLES, "postgres", "pg_read_all_data", "pg_write_all_data", "pg_execute_server_program"]:
            (member,) = await catalogue.names("SELECT pg_has_role($1::name, $2::name, 'MEMBER')", role, other)
            assert member == (role == other or (role, other) == (OWNER, SEARCH)), (role, other)


async def test_the_owner_owns_everything_but_the_search_roles_functions(catalogue: Catalogue) -> None:
    tables = "SELECT DISTINCT pg_get_userbyid(relowner) FROM pg_class WHERE relnamespace = 'public'::regnamespace"
    assert await catalogue.names(tables) == [OWNER]
    for role in (API, READ):
        owned = "SELECT count(*) FROM pg_shdepend WHERE refobjid = $1::regrole AND deptype = 'o'"
        assert await catalogue.names(owned, role) == [0]


def expected_rights(table: str) -> set[str]:
    if table == "alembic_version":
        return {"SELECT"}
    if table == "institution":
        return {"SELECT", "UPDATE"}
    return {"SELECT", "INSERT"} if table in TRAIL else {"SELECT", "INSERT", "UPDATE", "DELETE"}


async def rights(catalogue: Catalogue, role: str, table: str) -> set[str]:
    held = "SELECT p FROM unnest($3::text[]) p WHERE has_table_privilege($1::name, $2::text, p)"
    return set(await catalogue.names(held, role, table, PRIVILEGES))


async def test_the_api_reads_and_changes_records_and_appends_to_the_trail(catalogue: Catalogue) -> None:
    for table in [*await catalogue.tables(), "alembic_version"]:
        assert await rights(catalogue, API, table) == expected_rights(table), table


async def test_nobody_has_a_right_on_a_partition(catalogue: Catalogue) -> None:
    partitions = await catalogue.names(PARTITIONS)
    assert {"attendance_pdefault", "attendance_p2001", "attendance_p2002", "attendance_p2003"} == set(partitions)
    for role in (API, READ, SEARCH):
        for partition in partitions:
            assert await rights(catalogue, role, partition) == set(), (role, partition)
        held = {row["table"] for row in await catalogue.rows(COLUMN_RIGHTS, role)}
        assert held.isdisjoint(partitions)


async def test_the_reading_role_reads_all_but_secrets(catalogue: Catalogue) -> None:
    found = await catalogue.rows(COLUMN_RIGHTS, READ)
    assert {row["privilege"] for row in found} == {"SELECT"}
    readable = {(row["table"], row["name"]) for row in found if row["table"] != "alembic_version"}
    everything = {(row["table"], row["name"]) for row in await catalogue.columns()}
    secret = {column for column in everything if column[0] in SECRET_TABLES} | SECRET_COLUMNS
    assert everything - readable == secret


async def test_whatever_sounds_secret_is_secret(catalogue: Catalogue) -> None:
    """A new column with such a name has to be kept from the reading role, or to be listed here."""
    open_though = {("stored_file", "sha256"), ("report_card", "checksum"), ("app_user", "must_change_password")}
    open_though |= SEALED
    for row in await catalogue.columns():
        sounds = any(part in row["name"] for part in ("hash", "password", "secret", "token", "sealed", "sha256"))
        if sounds and (row["table"], row["name"]) not in open_though:
            assert row["table"] in SECRET_TABLES or (row["table"], row["name"]) in SECRET_COLUMNS, row["name"]


async def test_the_search_role_reads_what_it_searches(catalogue: Catalogue) -> None:
    found = await catalogue.rows(COLUMN_RIGHTS, SEARCH)
    assert {row["privilege"] for row in found} == {"SELECT"}
    columns = {(table, name) for table in SEARCHED for name in ("institution_id", "id", "search_text", "deleted_at")}
    columns |= {("institution", name) for name in ("id", "code", "name", "status")}
    columns |= {("user_institution", name) for name in ("institution_id", "user_id", "acting_institution_id")}
    columns |= {("access_log", name) for name in ("institution_id", "id", "student_ids")}
    assert {(row["table"], row["name"]) for row in found} == columns - {("subject", "deleted_at")}


async def test_the_public_has_no_right(catalogue: Catalogue) -> None:
    granted = """SELECT c.relname FROM pg_class c, aclexplode(c.relacl) a
                 WHERE c.relnamespace = 'public'::regnamespace AND a.grantee = 0"""
    assert await catalogue.names(granted) == []
    for role in (API, READ, SEARCH):
        assert await catalogue.names("SELECT has_schema_privilege($1, 'public', 'CREATE')", role) == [False]


async def test_the_database_is_closed_to_other_roles(template: Urls) -> None:
    """On the database that bootstrap has made: the tests' copies of it do not take its rights over."""
    assert template.admin
    connection = await asyncpg.connect(asyncpg_url(template.admin))
    granted = await connection.fetch(
        """SELECT CASE grantee WHEN 0 THEN 'public' ELSE pg_get_userbyid(grantee) END AS role, privilege_type AS right
           FROM pg_database, aclexplode(datacl) WHERE datname = current_database()"""
    )
    await connection.close()
    rights = {(row["role"], row["right"]) for row in granted if row["role"] != OWNER}
    assert rights == {(role, "CONNECT") for role in (API, READ, SEARCH)}


FUNCTIONS = """
    SELECT p.oid, p.proname AS name, p.prosecdef AS definer, p.proconfig AS config,
           pg_get_userbyid(p.proowner) AS owner, l.lanname AS language
    FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
    WHERE p.pronamespace = 'public'::regnamespace
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
"""
# What runs as the owner, for what the API's role must not do in any other way.
DEFINERS = {"erase_from_trail", "new_institution"}
MAY_CALL = {
    "erase_from_trail": {API},
    "erased": set(),
    "new_institution": {API},
    "search_ids": {API, READ},
    "readings_of": {API, READ},
    "institution_by_code": {API},
    "institutions_of": {API},
    "make_attendance_partitions": set(),
}


async def test_functions_are_few_and_look_for_names_in_fixed_places(catalogue: Catalogue) -> None:
    found = {row["name"]: row for row in await catalogue.rows(FUNCTIONS)}
    assert found.keys() == MAY_CALL.keys()
    for name, row in found.items():
        assert row["config"] == ["search_path=pg_catalog, public, pg_temp"], name
        assert row["definer"] == (row["owner"] == SEARCH or name in DEFINERS), name
        assert row["language"] == "plpgsql", name


@pytest.mark.parametrize("name", MAY_CALL)
async def test_functions_are_called_by_those_who_need_them(catalogue: Catalogue, name: str) -> None:
    (row,) = [row for row in await catalogue.rows(FUNCTIONS) if row["name"] == name]
    callers = {
        role
        for role in (API, READ, SEARCH)
        if (await catalogue.names("SELECT has_function_privilege($1, $2::oid, 'EXECUTE')", role, row["oid"]))[0]
    }
    assert callers - {row["owner"]} == MAY_CALL[name]
    public = "SELECT count(*) FROM pg_proc, aclexplode(proacl) a WHERE pg_proc.oid = $1 AND a.grantee = 0"
    assert await catalogue.names(public, row["oid"]) == [0]


async def test_no_other_function_runs_as_somebody_else(catalogue: Catalogue) -> None:
    definers = """SELECT p.proname FROM pg_proc p WHERE p.prosecdef
                  AND p.pronamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)"""
    known = {"search_ids", "readings_of", "institution_by_code", "institutions_of", *DEFINERS}
    assert set(await catalogue.names(definers)) == known
