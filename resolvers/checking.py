"""Checks that the values of every entity pass before rows are written: all that is wrong is told at once."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import CheckConstraint, Table

from models import Base
from models.base import FORM
from resolvers.constraints import Rule, rule_of
from resolvers.errors import Checks, Invalid
from resolvers.writing.bounds import check_bounds, may_be_empty
from resolvers.writing.content import field_of, table_of


def tidied(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values, texts without the white space around them."""
    # A choice is a text too, and has to stay a choice.
    return {name: value.strip() if type(value) is str else value for name, value in values.items()}


@lru_cache(maxsize=256)
def _forms(table: Table) -> Mapping[str, tuple[re.Pattern[str], Rule]]:
    """The form of each text that has one and only one, with the rule that the database's constraint stands for."""
    found = {}
    for each in table.constraints:
        rule = rule_of(str(each.name)) if isinstance(each, CheckConstraint) and FORM in each.info else None
        if rule is not None:
            column, pattern = each.info[FORM]
            found[column] = (re.compile(pattern), rule)
    return found


def _check_value(model: type[Base], name: str, value: Any) -> None:
    table = table_of(model)
    column, field = table.columns[name], field_of(table.columns[name])
    if value == "" and not may_be_empty(column):
        hint = "; send null for none" if column.nullable else ""
        raise Invalid(f"{field}: is empty{hint}", field=field)
    if value is None and not column.nullable:
        raise Invalid(f"{field}: must be given", field=field)
    check_bounds(column, value)
    if value is not None and name in _forms(table):
        form, rule = _forms(table)[name]
        if not form.search(value):
            raise rule.error(value)


def check_values(model: type[Base], values: Mapping[str, Any], checks: Checks) -> None:
    """That no text is empty, every value fits its column, and has its form; `values` are by column."""
    for name, value in values.items():
        with checks:
            _check_value(model, name, value)
