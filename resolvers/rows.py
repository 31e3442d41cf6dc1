"""Rows as the driver gives them: read like attributes, and knowing the entity they are of."""

from functools import cache
from typing import Any, ClassVar

import asyncpg

from models import Base


class Row(asyncpg.Record):
    """One row; columns that were not asked for are not there, and reading them is an AttributeError."""

    __slots__ = ()
    model: ClassVar[type[Base]]

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(f"{self.model.__name__} row was read without {name}") from None


@cache
def row_class(model: type[Base]) -> type[Row]:
    return type(f"{model.__name__}Row", (Row,), {"__slots__": (), "model": model})
