"""Records with an id of their own, and the form of that id.

An id is a short type prefix and the key: `stu_8421`. An attendance mark's carries its day too, since its table is
partitioned by it: `att_20250901_123`. Clients must take ids as opaque.
"""

import datetime
import re
from dataclasses import dataclass
from typing import Any

import strawberry

from models import Base
from resolvers.errors import Invalid

MAX_KEY = 2**63 - 1


@dataclass(frozen=True)
class Identity:
    """How ids of one model are spelled; `dated` ids carry the row's date."""

    model: type[Base]
    prefix: str
    dated: bool

    @property
    def columns(self) -> tuple[str, ...]:
        return ("id", "date") if self.dated else ("id",)

    def encode(self, row: Any) -> str:
        return f"{self.prefix}_{row.date:%Y%m%d}_{row.id}" if self.dated else f"{self.prefix}_{row.id}"


@dataclass(frozen=True)
class Key:
    """What an id says: the model, the key, and the day of a dated id."""

    model: type[Base]
    id: int
    date: datetime.date | None


_by_prefix: dict[str, Identity] = {}
_by_model: dict[type[Base], Identity] = {}
# One spelling for each record: no other digits, no zeros in front.
_ID = re.compile(r"([a-z]{2,4})(?:_([0-9]{8}))?_(0|[1-9][0-9]{0,18})")


def identify(model: type[Base], prefix: str, *, dated: bool) -> None:
    """Register how ids of a model are spelled; a prefix stands for one model."""
    if prefix in _by_prefix:
        raise ValueError(f"the id prefix {prefix!r} of {model.__name__} is taken")
    _by_prefix[prefix] = _by_model[model] = Identity(model, prefix, dated)


def identity(model: type[Base]) -> Identity:
    return _by_model[model]


def model_of(table: str) -> type[Base] | None:
    """The model of a table whose records have ids here."""
    return next((model for model in _by_model if model.__tablename__ == table), None)


def _date(text: str | None) -> datetime.date | None:
    return None if text is None else datetime.date.fromisoformat(text)


def decode(text: str, model: type[Base] | None = None, *, field: str = "id") -> Key:
    """What an id says; raises Invalid where it is none, or not one of `model`."""
    key = _key(text)
    if key is None or model not in (None, key.model):
        expected = f"the id of a {model.__name__}" if model else "an id of this API"
        shown = text if len(text) <= 40 else text[:40] + "…"
        raise Invalid(f"{field}: {shown!r} is not {expected}", field=field)
    return key


def key_of(text: str | None, model: type[Base], field: str) -> int | None:
    """The key that an id says, None where none is given; raises Invalid."""
    return None if text is None else decode(text, model, field=field).id


def _key(text: str) -> Key | None:
    match = _ID.fullmatch(text)
    found = _by_prefix.get(match[1]) if match else None
    if match is None or found is None or int(match[3]) > MAX_KEY:
        return None
    try:
        date = _date(match[2])
    except ValueError:
        return None
    return Key(found.model, int(match[3]), date) if found.dated == (date is not None) else None


@strawberry.interface(description="A record with an id of its own, which `node` and `nodes` find.")
class Node:
    @strawberry.field(description="Id of the record: unique, opaque, and the same for as long as the record exists.")
    def id(self) -> strawberry.ID:
        row: Any = self
        return strawberry.ID(identity(row.model).encode(row))
