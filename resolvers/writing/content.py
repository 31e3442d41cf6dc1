"""Which columns of a table are its content: what people change, and what the audit tells.

A table with a version is tracked: each change of its content moves the version and has its entry in the audit. The
trail itself, sessions, keys and the like have neither.
"""

from functools import lru_cache
from typing import Any, cast

from sqlalchemy import Column, Table

from models import Base
from resolvers.errors import spelled

# Not the row's content: keys and stamps.
STAMPS = frozenset({"institution_id", "id", "created_at", "updated_at", "created_by", "updated_by", "version"})
MASK = "***"


def table_of(model: type[Base]) -> Table:
    return cast(Table, model.__table__)


def column_of(model: type[Base], field: str) -> "Column[Any]":
    """The column that an input names `field`: see `field_of`."""
    columns = table_of(model).columns
    return columns[field] if field in columns else columns[f"{field}_id"]


def field_of(column: "Column[Any]") -> str:
    """How inputs name a column: one that refers to another row is named without `_id`."""
    return spelled(column.name.removesuffix("_id") if column.foreign_keys else column.name)


def is_tracked(table: Table) -> bool:
    return "version" in table.columns


def _told(column: "Column[object]") -> bool:
    return column.name not in STAMPS and column.computed is None and not column.info.get("bookkeeping")


@lru_cache(maxsize=256)
def content(table: Table) -> tuple[str, ...]:
    """Names of the columns that the audit tells; those that the database derives follow from them."""
    return tuple(column.name for column in table.columns if _told(column))


@lru_cache(maxsize=256)
def untold(table: Table) -> tuple[str, ...]:
    return tuple(sorted(column.name for column in table.columns if not _told(column)))


@lru_cache(maxsize=256)
def secrets(table: Table) -> tuple[str, ...]:
    """Names of the columns of which the audit says only that they have a value."""
    return tuple(sorted(column.name for column in table.columns if column.info.get("secret")))


def tenant_column(table: Table) -> str:
    """The column that holds the tenant; an institution is its own."""
    return "id" if table.name == "institution" else "institution_id"
