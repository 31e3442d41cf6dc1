"""What all tables share: names of constraints, the tenant key, the stamps and the small column makers.

A table of one school's data derives from `Tenant` (key only: trail, sessions, counters) or from `Record`
(key, stamps and version). Its primary key is `(institution_id, id)`, and every foreign key made by
`refers` carries `institution_id`, so no row can point into another school.
"""

import datetime
from enum import StrEnum
from typing import Any, ClassVar, TypeVar

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Computed,
    DateTime,
    Enum,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    MetaData,
    Numeric,
    String,
    Text,
    column,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, ExcludeConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedColumn, declared_attr, mapped_column


class Choice(StrEnum):
    """A closed set of values, each with the sentence that clients read: `ACTIVE = "ACTIVE", "Attends the school."`."""

    description: str

    def __new__(cls, value: str, description: str) -> "Choice":
        member = str.__new__(cls, value)
        member._value_ = value
        member.description = description
        return member


E = TypeVar("E", bound=Choice)

# Where a search column says which expressions its lines are made of.
LINES = "lines"
# A constraint's `info`: the column that has a form, and the form as a regular expression.
FORM = "form"
# A column's `info`: the audit says that it changed, never what it holds.
SECRET = {"secret": True}
# A column's `info`: what the server itself counts about a row; it moves neither the version nor the audit.
BOOKKEEPING = {"bookkeeping": True}
# A column's `info`: the table whose keys it holds, where no foreign key says so because its rows may be removed.
POINTS_TO = "points_to"
# The `info` of a column of keys: the function that finds the rows that hold one of some keys. No operator of arrays may
# be looked up by an index under row-level security.
HELD_BY = "held_by"
MONEY = Numeric(19, 4)
MARK = Numeric(9, 4)


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime.datetime: DateTime(timezone=True),
        int: Integer(),
        dict[str, Any]: JSONB(),
    }


class Tenant(Base):
    """A row of one institution, known by `(institution_id, id)`."""

    __abstract__ = True

    institution_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("institution.id"), primary_key=True, sort_order=-20, comment="The school the row is of"
    )
    id: Mapped[int] = mapped_column(
        BigInteger, Identity(), primary_key=True, sort_order=-19, comment="Key, unique over the deployment"
    )


class Record(Tenant):
    """A tenant's row that people change: stamped, and versioned for optimistic locking."""

    __abstract__ = True

    created_at: Mapped[datetime.datetime] = mapped_column(
        server_default=func.now(), sort_order=90, comment="When the record was made (instant, UTC)"
    )
    updated_at: Mapped[datetime.datetime] = mapped_column(
        server_default=func.now(), sort_order=91, comment="When the record was last changed (instant, UTC)"
    )
    created_by: Mapped[int | None] = mapped_column(BigInteger, sort_order=92, comment="User who made the record")
    updated_by: Mapped[int | None] = mapped_column(BigInteger, sort_order=93, comment="User who last changed it")
    version: Mapped[int] = mapped_column(
        server_default=text("1"), sort_order=94, comment="Counts the changes; an update must name the one it saw"
    )

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version}


class Retirable:
    """Mixin of a record that is retired instead of removed: it leaves every list, and can be brought back."""

    deleted_at: Mapped[datetime.datetime | None] = mapped_column(
        sort_order=95, comment="When the record was retired (instant, UTC); null while in use"
    )


def refers(column: str, table: str, *, target: str = "id", cascade: bool = False) -> ForeignKeyConstraint:
    """A foreign key inside one institution; `cascade` only for sessions, keys, links and bands."""
    return ForeignKeyConstraint(
        ["institution_id", column],
        [f"{table}.institution_id", f"{table}.{target}"],
        ondelete="CASCADE" if cascade else "RESTRICT",
    )


def index(*columns: str, unique: bool = False, where: str | None = None, include: tuple[str, ...] = ()) -> Index:
    """An index led by the tenant, as every read is."""
    return Index(
        None,
        "institution_id",
        *columns,
        unique=unique,
        postgresql_where=text(where) if where else None,
        postgresql_include=include or None,
    )


def no_overlap(name: str, *keys: str, begin: str, end: str) -> ExcludeConstraint:
    """Spans of days, both ends inclusive, of rows with the same keys never share a day.

    The condition always holds, which the planner cannot know: it would else read by this index, since it has all the
    columns that are asked for, and reading it takes ten times as long as reading an ordinary one.
    """
    return ExcludeConstraint(
        *((column(key), "=") for key in ("institution_id", *keys)),
        (func.daterange(column(begin), column(end), "[]"), "&&"),
        where=text("id IS NOT NULL"),
        name=name,
    )


def trigram_index(table: str) -> Index:
    """The index behind the search function: any part of `search_text`, tenant first."""
    return Index(
        f"ix_{table}_search",
        "institution_id",
        "search_text",
        postgresql_using="gin",
        postgresql_ops={"search_text": "gin_trgm_ops"},
    )


def enum(kind: type[E], *, comment: str, default: E | None = None, **options: Any) -> MappedColumn[Any]:
    """Text with a CHECK: comparing it is leakproof, which a native enum is not."""
    name = kind.__name__
    values = Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        length=50,
        name="".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_"),
        values_callable=lambda members: [member.value for member in members],
    )
    server_default = text(f"'{default.value}'") if default else None
    return mapped_column(values, comment=comment, server_default=server_default, **options)


def short(length: int, *, comment: str, **options: Any) -> MappedColumn[Any]:
    return mapped_column(String(length), comment=comment, **options)


def generated(length: int, expression: str, *, comment: str) -> MappedColumn[Any]:
    """A text that the database keeps equal to an expression over the row."""
    return mapped_column(String(length), Computed(expression, persisted=True), comment=comment)


def folded(column: str, length: int) -> MappedColumn[Any]:
    """The lower-cased twin of a text whose look-up ignores case."""
    return generated(length, f"lower({column})", comment=f"Lower-cased {column}, for look-up")


def searched(*columns: str) -> MappedColumn[Any]:
    """All that a search looks into, lower-cased, one value a line; what may be hidden from some stands last."""
    joined = " || E'\\n' || ".join(f"coalesce({column}, '')" for column in columns)
    text = Computed(f"lower({joined})", persisted=True)
    return mapped_column(Text, text, comment="What a search looks into", info={LINES: columns})


def matches(column: str, pattern: str, name: str) -> CheckConstraint:
    """A text's form; `resolvers.checking` reads it too, so the pattern means the same to Python and PostgreSQL."""
    return CheckConstraint(f"{column} ~ '{pattern}'", name=name, info={FORM: (column, pattern)})
