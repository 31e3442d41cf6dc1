"""Checks that the values of every entity pass before rows are written: all that is wrong is told at once."""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import CheckConstraint, Table

from models import Base
from models.base import FORM
from resolvers.constraints import Rule, rule_of
from resolvers.errors import Checks, DomainError, Invalid
from resolvers.writing.bounds import bound_of, may_be_empty
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


class _Refusing(dict[str, Callable[[Any], None]]):
    """What refuses a value, by column: found out when it is asked for, and then at hand without ado."""

    def __init__(self, table: Table) -> None:
        super().__init__()
        self.table = table

    def __missing__(self, name: str) -> Callable[[Any], None]:
        self[name] = check = _check_of(self.table, name)
        return check


_refusing = lru_cache(maxsize=256)(_Refusing)


def _check_of(table: Table, name: str) -> Callable[[Any], None]:
    """What refuses a value of a column."""
    column, field, bound = table.columns[name], field_of(table.columns[name]), bound_of(table.columns[name])
    nullable, empty, (form, rule) = bool(column.nullable), may_be_empty(column), _forms(table).get(name, (None, None))

    def check(value: Any) -> None:
        if value is None:
            if not nullable:
                raise Invalid(f"{field}: must be given", field=field)
            return
        if value == "" and not empty:
            raise Invalid(f"{field}: is empty{'; send null for none' if nullable else ''}", field=field)
        if bound is not None:
            bound(value)
        if form is not None and rule is not None and not form.search(value):
            raise rule.error(value)

    return check


def check_values(model: type[Base], values: Mapping[str, Any], checks: Checks) -> None:
    """That no text is empty, every value fits its column, and has its form; `values` are by column."""
    found = _refusing(table_of(model))
    for name, value in values.items():
        try:
            found[name](value)
        except DomainError as error:
            checks.errors += error.each
