"""Checks that the values of every entity pass before rows are written: all that is wrong is told at once."""

from collections.abc import Mapping
from typing import Any

from models import Base
from resolvers.errors import Checks, Invalid
from resolvers.writing.bounds import check_bounds
from resolvers.writing.content import field_of, table_of


def tidied(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values, texts without the white space around them."""
    # A choice is a text too, and has to stay a choice.
    return {name: value.strip() if type(value) is str else value for name, value in values.items()}


def check_values(model: type[Base], values: Mapping[str, Any], checks: Checks) -> None:
    """That no text is empty and every value fits its column; `values` are by column."""
    columns = table_of(model).columns
    for name, value in values.items():
        column, field = columns[name], field_of(columns[name])
        with checks:
            if value == "":
                hint = "; send null for none" if column.nullable else ""
                raise Invalid(f"{field}: is empty{hint}", field=field)
            check_bounds(column, value)
        if value is None and not column.nullable:
            checks.errors.append(Invalid(f"{field}: must be given", field=field))
