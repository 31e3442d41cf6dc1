"""What an audit entry says of a row's columns, by the names and in the values that clients know."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import orjson
import strawberry
from graphql import GraphQLObjectType
from strawberry.utils.str_converters import to_camel_case

from models import Base
from resolvers.trail.changes import changed
from schema.node import identity
from schema.reads import READS, Column, ToOne
from schema.scalars import JSON


@strawberry.type(description="A field of a record that was changed.")
class Change:
    field: str = strawberry.field(
        description="Name of the field in this API; where no field shows the value, the name of its column."
    )
    before: JSON | None = strawberry.field(
        description="What it was, as the field shows it, other records by their ids; null where there was no value. "
        "A secret is `***`."
    )
    after: JSON | None = strawberry.field(
        description="What it became, as the field shows it, other records by their ids; null where there is no value. "
        "A secret is `***`."
    )


@dataclass(frozen=True)
class Shown:
    """How clients know a column: the field's name and, where the column holds a key, the model that it leads to."""

    name: str
    target: type[Base] | None = None

    def value(self, value: Any) -> Any:
        """As JSON text, a record as its id; a mask and what is no record as they are."""
        if value is None:
            return None
        if self.target and isinstance(value, int):
            value = f"{identity(self.target).prefix}_{value}"
        return orjson.dumps(value).decode()


@cache
def _fields(kind: GraphQLObjectType) -> dict[str, Shown]:
    """The columns that the fields of a type show, relations by the column that holds the key."""
    found: dict[str, Shown] = {}
    for name, field in kind.fields.items():
        reads = field.extensions["strawberry-definition"].metadata.get(READS)
        if isinstance(reads, Column):
            found.setdefault(reads.name, Shown(name))
        elif isinstance(reads, ToOne) and reads.batch.key == "id":
            found.setdefault(reads.batch.parent, Shown(name, reads.batch.model))
    return found


def changes(kind: GraphQLObjectType | None, table: str, before: str | None, after: str | None) -> list[Change]:
    """The changed columns of a row of `table`, which clients know as `kind`; `before` and `after` are JSON texts."""
    fields = _fields(kind) if kind else {}
    found = []
    for each in changed(table, before, after):
        shown = fields.get(each.column) or Shown(to_camel_case(each.column))
        found.append(Change(field=shown.name, before=shown.value(each.before), after=shown.value(each.after)))
    return found
