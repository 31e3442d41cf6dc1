"""Migrations: down to nothing and up again, step by step, to the same database."""

import ast
from collections.abc import Callable
from functools import cache
from typing import Any

import asyncpg
import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from app.migrations import alembic_config
from app.urls import Urls, asyncpg_url, sqlalchemy_url
from tests.database import ROOT

SNAPSHOTS = {
    "columns": """
        SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity::text,
               a.attgenerated::text, pg_get_expr(d.adbin, d.adrelid), col_description(c.oid, a.attnum), a.attacl::text
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') ORDER BY 1, 2""",
    "tables": """
        SELECT relname, relkind::text, relrowsecurity, obj_description(oid, 'pg_class'), pg_get_userbyid(relowner),
               coalesce(relacl, acldefault(CASE relkind WHEN 'S' THEN 's'::"char" ELSE 'r' END, relowner))::text
        FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'S') ORDER BY 1""",
    "constraints": """
        SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace AND contype <> 'n' ORDER BY 1, 2""",
    "indexes": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1",
    "policies": "SELECT * FROM pg_policies ORDER BY tablename, policyname",
    "functions": """
        SELECT proname, pg_get_functiondef(p.oid), proacl::text, pg_get_userbyid(proowner) FROM pg_proc p
        WHERE pronamespace = 'public'::regnamespace AND prokind = 'f'
          AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e') ORDER BY 1""",
    "rights": "SELECT nspacl::text FROM pg_namespace WHERE nspname = 'public'",
}


async def snapshot(urls: Urls) -> dict[str, Any]:
    """All that the migrations make, as the catalogue has it."""
    assert urls.owner
    connection = await asyncpg.connect(asyncpg_url(urls.owner))
    try:
        return {name: [tuple(row) for row in await connection.fetch(sql)] for name, sql in SNAPSHOTS.items()}
    finally:
        await connection.close()


async def as_owner(urls: Urls, work: Callable[[Connection], Any]) -> None:
    assert urls.owner
    engine = create_async_engine(sqlalchemy_url(urls.owner))
    async with engine.begin() as connection:
        await connection.run_sync(work)
    await engine.dispose()


async def down(urls: Urls, revision: str) -> None:
    await as_owner(urls, lambda connection: command.downgrade(alembic_config(connection), revision))


async def up(urls: Urls, revision: str = "head") -> None:
    await as_owner(urls, lambda connection: command.upgrade(alembic_config(connection), revision))


@cache
def revisions() -> list[str]:
    """From the first to the last."""
    config = Config(ROOT / "alembic.ini")
    return [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()][::-1]


def names(found: dict[str, Any]) -> dict[str, set[str]]:
    return {name: {row[0] for row in found[name]} for name in ("tables", "indexes", "policies", "functions")}


NOTHING = {
    "tables": {"alembic_version"},
    "indexes": {"alembic_version_pkc"},
    "policies": set(),
    "functions": set(),
}


async def test_down_to_nothing_and_up_again(empty_database: Urls) -> None:
    before = await snapshot(empty_database)
    await down(empty_database, "base")
    assert names(await snapshot(empty_database)) == NOTHING
    await up(empty_database)
    assert await snapshot(empty_database) == before


async def test_every_step_down_can_be_taken_back(empty_database: Urls) -> None:
    """Each revision is the same on the way up as it was on the way down."""
    passed = {}
    for revision in reversed(revisions()):
        passed[revision] = await snapshot(empty_database)
        await down(empty_database, "-1")
    assert names(await snapshot(empty_database)) == NOTHING
    for revision in revisions():
        await up(empty_database, revision)
        assert await snapshot(empty_database) == passed[revision], revision


async def test_the_models_say_what_the_migrations_make(empty_database: Urls) -> None:
    await as_owner(empty_database, lambda connection: command.check(alembic_config(connection)))


async def test_upgrading_a_whole_database_changes_nothing(empty_database: Urls) -> None:
    before = await snapshot(empty_database)
    await up(empty_database)
    assert await snapshot(empty_database) == before


def test_revisions_stand_in_one_line() -> None:
    scripts = ScriptDirectory.from_config(Config(ROOT / "alembic.ini"))
    assert len(scripts.get_heads()) == len(scripts.get_bases()) == 1
    for path in sorted((ROOT / "alembic" / "versions").glob("*.py")):
        assert any(path.name.startswith(revision) for revision in revisions()), path.name


@pytest.mark.parametrize("path", sorted((ROOT / "alembic" / "versions").glob("*.py")), ids=lambda path: path.stem)
def test_every_migration_has_a_way_back(path: Any) -> None:
    functions = {node.name: node for node in ast.parse(path.read_text()).body if isinstance(node, ast.FunctionDef)}
    assert {"upgrade", "downgrade"} <= functions.keys()
    assert not all(isinstance(line, ast.Pass) for line in functions["downgrade"].body)


BEFORE = "2026_11_21_24"
LOGGED = """
    INSERT INTO access_log (institution_id, student_id, actor_kind, actor_id, purpose, at, request_id)
    SELECT v.institution, student, kind, actor, purpose,
           CAST('2026-11-21 12:00Z' AS timestamptz) + after * interval '1 second', request
    FROM (VALUES ($1::bigint, 3, 'USER', 7, 'Roll', 0, 'r-1'), ($1, 1, 'USER', 7, 'Roll', 0, 'r-1'),
                 ($1, 1, 'USER', 7, 'Roll', 0, 'r-1'), ($1, 1, 'API_KEY', 7, 'Roll', 0, 'r-1'),
                 ($1, 2, 'USER', 8, 'Roll', 0, 'r-1'), ($1, 2, 'USER', NULL, 'Roll', 0, 'r-1'),
                 ($1, 2, 'USER', 7, NULL, 0, 'r-1'), ($1, 2, 'USER', 7, 'Roll', 1, 'r-1'),
                 ($1, 2, 'USER', 7, 'Roll', 0, NULL), ($1, 2, 'USER', 7, 'Roll', 0, 'r-2'),
                 ($2, 2, 'USER', 7, 'Roll', 0, 'r-1'), ($1, 4, 'USER', NULL, 'Roll', 0, 'r-1'))
         AS v(institution, student, kind, actor, purpose, after, request)"""
SHARED = "institution_id, actor_kind, actor_id, purpose, at, request_id"
ENTRIES = f"SELECT student_ids, {SHARED} FROM access_log ORDER BY id"
READINGS = f"SELECT student_id, {SHARED} FROM access_log ORDER BY student_id, {SHARED}"


async def test_entries_of_the_access_log_are_gathered_and_spread(empty_database: Urls) -> None:
    """A row for each student becomes one for each operation, and those again what they were, but once each."""
    await down(empty_database, BEFORE)
    assert empty_database.owner
    connection = await asyncpg.connect(asyncpg_url(empty_database.owner))
    try:
        added = "INSERT INTO institution (code, name) VALUES ($1, $1) RETURNING id"
        ours, theirs = [await connection.fetchval(added, code) for code in ("ALPHA", "BETA")]
        await connection.execute(LOGGED, ours, theirs)
        once = list(dict.fromkeys(await connection.fetch(READINGS)))
        await up(empty_database)
        await connection.reload_schema_state()
        entries = await connection.fetch(ENTRIES)
        assert [row["student_ids"] for row in entries] == [[1, 3], [1], [2], [2, 4], *[[2]] * 5]
        assert len({tuple(row)[1:] for row in entries}) == len(entries)
        await down(empty_database, BEFORE)
        await connection.reload_schema_state()
        assert await connection.fetch(READINGS) == once
    finally:
        await connection.close()
