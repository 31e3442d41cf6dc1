"""A school with the same number of rows in every table: row n of each points to row n of its parents.

Every fifth row is bare: what may be missing is. The texts of a marked school begin with its mark, so that one of
them in another school's answer is a leak. Codes and keys are the same in all schools.
"""

import datetime
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

from sqlalchemy import Column, ForeignKeyConstraint, Table, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

import models
from models import Base, ExternalId, GradeLevel, Record, RolloverPlan, SchoolProfile, Student
from models.base import HELD_BY, POINTS_TO
from resolvers.people.student_secrets import sealed_columns
from schema.node import identity
from tests.schema_map import entities
from tests.sealing import SEALER
from tests.world_values import BASE, VALUES, rare

Ids = dict[str, list[int]]
# Every school is made with the first two; the others are about rows of many tables, and come last.
OTHERWISE = ("institution", "school_profile", "external_id", "audit_log")
TOLD = ("student", "grade", "enrollment", "attendance", "report_card", "report_card_comment")


def tables() -> list[Table]:
    """The tables that are filled row by row; parents first."""
    found = [table for table in Base.metadata.sorted_tables if table.name not in OTHERWISE]
    return sorted(found, key=lambda table: "actor_id" in table.columns)


@dataclass(frozen=True)
class World:
    """The keys of a school's rows, by table."""

    institution_id: int
    mark: str
    ids: Ids = field(repr=False)

    def gid(self, model: type[Base], n: int) -> str:
        """The id of row n as clients know it."""
        key = self.institution_id if model is models.Institution else self.ids[model.__tablename__][n]
        return identity(model).encode(SimpleNamespace(id=key, date=row_values(model.__tablename__, n, "").get("date")))

    def gids(self, model: type[Base], count: int) -> list[str]:
        return [self.gid(model, n) for n in range(count)]


def row_values(table: str, n: int, mark: str) -> dict[str, Any]:
    return VALUES[table](n, mark) if table in VALUES else {}


def _reference(constraint: ForeignKeyConstraint, institution_id: int, ids: Ids, n: int) -> dict[str, int]:
    """Row n of the parent; a key that only points to institutions points to the own one."""
    target = constraint.referred_table.name
    if target == "institution":
        return {constraint.column_keys[0]: institution_id}
    if len(constraint.column_keys) != 2 or target not in ids:
        return {}
    return {constraint.column_keys[1]: ids[target][n]}


def _pointer(column: Column[Any], ids: Ids, n: int) -> Any:
    """The key of row n of what a column points to; where the column holds several, that of the next one, too."""
    keys = ids[column.info[POINTS_TO]]
    return [keys[n], keys[(n + 1) % len(keys)]] if HELD_BY in column.info else keys[n]


def _row(table: Table, institution_id: int, ids: Ids, n: int, mark: str) -> dict[str, Any]:
    values: dict[str, Any] = {"institution_id": institution_id}
    for constraint in table.foreign_key_constraints:
        values |= _reference(constraint, institution_id, ids, n)
    values |= {column.name: _pointer(column, ids, n) for column in table.columns if POINTS_TO in column.info}
    if "actor_kind" in table.columns:
        values["actor_id"] = ids["app_user"][n]
    if "updated_at" in table.columns:
        stamp = BASE + datetime.timedelta(microseconds=n % 7)
        values |= {"created_at": stamp, "updated_at": stamp}
    return values | row_values(table.name, n, mark)


def _external_ids(institution_id: int, ids: Ids, mark: str) -> list[dict[str, Any]]:
    """A name in another system for every record that clients can see."""
    return [
        {
            "institution_id": institution_id,
            "entity": model.__tablename__,
            "record_id": key,
            "system": "oneroster",
            "value": f"{mark}{model.__tablename__}-{n}",
        }
        for model in entities()
        if issubclass(model, Record) and model is not ExternalId
        for n, key in enumerate(ids.get(model.__tablename__, []))
    ]


def _changes(institution_id: int, ids: Ids, mark: str) -> list[dict[str, Any]]:
    """An entry in the audit for every record that has a history; those of the students come first."""
    table = Base.metadata.tables["audit_log"]
    return [
        {**_row(table, institution_id, ids, n, mark), "table_name": name, "record_id": key}
        for name in TOLD
        for n, key in enumerate(ids[name])
    ]


async def _insert(session: AsyncSession, table: Table, rows: list[dict[str, Any]]) -> list[int]:
    inserted = await session.execute(insert(table).returning(table.c.id, sort_by_parameter_order=True), rows)
    return [row.id for row in inserted]


def secrets_of(n: int, mark: str) -> dict[str, str | None]:
    """What is sealed of student n; bare ones have none, others not all of it."""
    return {
        "national_id": rare(n, f"{2345_0000_0000 + len(mark) * 1000 + n}"),
        "health": rare(n, f"{mark}Asthma {n}"),
        "identifying_marks": f"{mark}A scar {n}" if n % 2 else None,
    }


async def _seal(session: AsyncSession, institution_id: int, ids: list[int], mark: str) -> None:
    """A value is sealed for its record, whose key is known by now."""
    table = cast(Table, Student.__table__)
    for n, key in enumerate(ids):
        columns = sealed_columns(SEALER, institution_id, key, secrets_of(n, mark))
        await session.execute(update(table).where(table.c.id == key).values(columns))


async def _promote(session: AsyncSession, institution_id: int, levels: list[int]) -> None:
    """Each grade level leads to the one before it, the first to none."""
    for level, following in zip(levels[1:], levels, strict=False):
        key = (GradeLevel.institution_id == institution_id) & (GradeLevel.id == level)
        await session.execute(update(GradeLevel).where(key).values(next_level_id=following))


async def fill(session: AsyncSession, institution_id: int, count: int, mark: str = "") -> World:
    """`count` rows, at least two, in every table of the institution."""
    ids: Ids = {}
    for table in tables():
        rows = [_row(table, institution_id, ids, n, mark) for n in range(count)]
        if table.name == RolloverPlan.__tablename__:
            rows = [row | {"to_school_year_id": rows[n - 1]["from_school_year_id"]} for n, row in enumerate(rows)]
        ids[table.name] = await _insert(session, table, rows)
    await _promote(session, institution_id, ids["grade_level"])
    names = _external_ids(institution_id, ids, mark)
    await _seal(session, institution_id, ids["student"], mark)
    ids["external_id"] = await _insert(session, cast(Table, ExternalId.__table__), names)
    changes = _changes(institution_id, ids, mark)
    ids["audit_log"] = await _insert(session, Base.metadata.tables["audit_log"], changes)
    # The one row that the school was made with, which stands for every row.
    profile = select(SchoolProfile.id).where(SchoolProfile.institution_id == institution_id)
    ids["school_profile"] = [(await session.scalars(profile)).one()] * count
    return World(institution_id, mark, ids)
