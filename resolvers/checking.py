"""Checks that the values of every entity pass before rows are written: all that is wrong is told at once."""

from collections.abc import Mapping
from typing import Any

from models import Base
from resolvers.errors import Checks, Invalid, spelled
from resolvers.writing.bounds import check_bounds
from resolvers.writing.content import table_of


def tidied(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values, texts without the white space around them."""
    # A choice is a text too, and has to stay a choice.
    return {name: value.strip() if type(value) is str else value for name, value in values.items()}


def check_values(model: type[Base], values: Mapping[str, Any], checks: Checks) -> None:
    """That no text is empty and every value fits its column; `values` are by column."""
    columns = table_of(model).columns
    for name, value in values.items():
        with checks:
            if value == "":
                raise Invalid(f"{spelled(name)}: is empty; send null for none", field=spelled(name))
            check_bounds(columns[name], value)
        if value is None and not columns[name].nullable:
            checks.errors.append(Invalid(f"{spelled(name)}: must be given", field=spelled(name)))
