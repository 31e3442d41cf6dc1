"""References: none leads into another school, and what is referred to stays."""

import asyncpg
import pytest
from sqlalchemy import ForeignKeyConstraint

from models import Base
from tests.catalogue.test_row_security import as_tenant
from tests.catalogue.test_rules import key
from tests.catalogue.test_uniqueness import ROW
from tests.worlds import Worlds

# Constraint, table, column, target, and what the removal of the target does.
Reference = tuple[str, str, str, str, str]


def references() -> list[Reference]:
    """Every key that leads to a row of the same school."""
    found = []
    for table in Base.metadata.sorted_tables:
        for constraint in table.constraints:
            if isinstance(constraint, ForeignKeyConstraint) and len(constraint.column_keys) == 2:
                name, column = str(constraint.name), constraint.column_keys[1]
                found.append((name, table.name, column, constraint.referred_table.name, str(constraint.ondelete)))
    return sorted(found)


@pytest.mark.parametrize("reference", references(), ids=lambda reference: reference[0])
async def test_no_row_points_into_another_school(
    owner: asyncpg.Connection, worlds: Worlds, reference: Reference
) -> None:
    """Not even for the owner, whom no policy restricts."""
    name, table, column, target, _ = reference
    theirs = worlds.theirs.ids[target][ROW]
    async with as_tenant(owner, worlds.ours.institution_id):
        with pytest.raises(asyncpg.ForeignKeyViolationError) as refused:
            await owner.execute(f"UPDATE {table} SET {column} = {theirs} WHERE {key(worlds, table, ROW)}")
    assert refused.value.constraint_name == name


PARENTS = sorted({target for *_, target, action in references() if action == "RESTRICT"})


@pytest.mark.parametrize("target", PARENTS)
async def test_what_is_referred_to_stays(owner: asyncpg.Connection, worlds: Worlds, target: str) -> None:
    async with as_tenant(owner, worlds.ours.institution_id):
        with pytest.raises((asyncpg.ForeignKeyViolationError, asyncpg.RestrictViolationError)):
            await owner.execute(f"DELETE FROM {target} WHERE {key(worlds, target, ROW)}")


USER = ("app_user", {"username": "'leaver'"})
SCALE = ("grading_scale", {"name": "'Leaver'", "min_score": "0", "max_score": "9", "pass_mark": "5"})
TOKEN = {"token_hash": "sha256('x')", "expires_at": "now()"}
Row = tuple[str, dict[str, str]]
CASCADING: list[tuple[Row, str, Row]] = [
    (USER, "user_id", ("session", TOKEN | {"acting_institution_id": "institution_id"})),
    (USER, "user_id", ("reset_token", TOKEN)),
    (USER, "user_id", ("user_role", {"role": "'ADMIN'"})),
    (SCALE, "grading_scale_id", ("grading_scale_band", {"letter": "'A'", "lower_bound": "0"})),
]


async def make(owner: asyncpg.Connection, institution_id: int, row: Row) -> int:
    table, values = row
    listed = ", ".join(["institution_id", *values])
    given = ", ".join(["institution_id", *values.values()])
    command = f"INSERT INTO {table} ({listed}) SELECT {given} FROM (SELECT $1::bigint AS institution_id) t RETURNING id"
    made: int = await owner.fetchval(command, institution_id)
    return made


@pytest.mark.parametrize(("parent", "column", "child"), CASCADING)
async def test_sessions_roles_and_letters_go_with_what_they_are_of(
    owner: asyncpg.Connection, worlds: Worlds, parent: Row, column: str, child: Row
) -> None:
    institution_id = worlds.ours.institution_id
    async with as_tenant(owner, institution_id):
        above = await make(owner, institution_id, parent)
        below = await make(owner, institution_id, (child[0], child[1] | {column: str(above)}))
        left = f"SELECT count(*) FROM {child[0]} WHERE id = {below}"
        assert await owner.fetchval(left) == 1
        assert await owner.execute(f"DELETE FROM {parent[0]} WHERE id = {above}") == "DELETE 1"
        assert await owner.fetchval(left) == 0
