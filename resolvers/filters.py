"""Conditions of a `where`, as trees without values.

The tree is hashable and stands in the key of a compiled statement; the values travel beside it, in the order in
which `position` counts them. So a thousand requests that differ in values share one statement.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Date,
    Select,
    and_,
    any_,
    bindparam,
    column,
    exists,
    false,
    func,
    inspect,
    not_,
    or_,
    select,
    true,
)
from sqlalchemy.orm import aliased

from models import Role, Tenant
from models.computed import Computed, Sealed, declaration, holds, pointed_to, tenant, value
from resolvers.access import hides_rows, proven, scope
from resolvers.access.rule import Found
from resolvers.statements import Blind


@dataclass(frozen=True)
class Compare:
    """`column operator value`; the value is parameter `w<position>`."""

    column: str
    operator: str
    position: int


@dataclass(frozen=True)
class IsNull:
    column: str
    negated: bool


@dataclass(frozen=True)
class Dated:
    """The row's key and date are a pair of those in the parameters `w<position>`, keys, and the one after it, days."""

    position: int


@dataclass(frozen=True)
class Holds:
    """`column`, which is an array of keys, holds one of those in the parameter `w<position>`.

    Whoever may filter by it sees all that the keys point to.
    """

    column: str
    position: int


@dataclass(frozen=True)
class Every:
    parts: tuple["Condition", ...]


@dataclass(frozen=True)
class Some:
    parts: tuple["Condition", ...]


@dataclass(frozen=True)
class Not:
    part: "Condition"


@dataclass(frozen=True)
class Has:
    """At least one row of a to-many relation meets `part`."""

    relation: Any
    part: "Condition"


Condition = Compare | IsNull | Dated | Holds | Every | Some | Not | Has

OPERATORS: dict[str, Callable[[Any, Any], ColumnElement[bool]]] = {
    "eq": lambda column, value: column == value,
    "ne": lambda column, value: column.is_distinct_from(value),
    "in": lambda column, value: column == any_(value),
    "gt": lambda column, value: column > value,
    "gte": lambda column, value: column >= value,
    "lt": lambda column, value: column < value,
    "lte": lambda column, value: column <= value,
    # starts_with may be looked up by an index under row-level security; LIKE may not.
    "starts_with": lambda column, value: column.op("^@", is_comparison=True)(value),
}


def _test(source: Any, column: str, operator: str, given: Any) -> ColumnElement[bool]:
    declared = declaration(inspect(source).mapper.class_, column)
    if isinstance(declared, Computed) and declared.lookup and operator in ("eq", "in"):
        return declared.lookup(source, lambda found: OPERATORS[operator](found, given))
    return OPERATORS[operator](value(source, column), given)


def _hidden_in_part(source: Any, column: str, roles: frozenset[Role]) -> type[Any] | None:
    """The model whose key a column holds, where some of its rows may be hidden from the viewer.

    To a filter a key to a hidden row is missing, as the row is to whoever follows it.
    """
    model = pointed_to(inspect(source).mapper.class_, column)
    return model if model is not None and hides_rows(model, roles) else None


def _shown(source: Any, column: str, model: type[Any], roles: frozenset[Role]) -> ColumnElement[bool]:
    """Whether the row of the model that a key points to is one that the viewer may see."""
    target = aliased(model)
    key = (target.institution_id == source.institution_id) & (target.id == value(source, column))
    return exists(select(1).where(key, scope(model, target, roles)))


def _seen(model: type[Any], operator: str, given: Any, roles: frozenset[Role]) -> Select[Any]:
    """Those of the keys given whose rows the viewer may see: a select that runs once for all rows that are filtered."""
    target = aliased(model)
    named = select(target.id).where(target.institution_id == tenant(), OPERATORS[operator](target.id, given))
    return named.where(scope(model, target, roles)).correlate(None)


def _compare(source: Any, condition: Compare, roles: frozenset[Role]) -> ColumnElement[bool]:
    column, operator = condition.column, condition.operator
    model = inspect(source).mapper.class_
    declared = declaration(model, column)
    if isinstance(declared, Sealed) and declared.index:
        # No text says the value: it is looked up by its keyed hash.
        blind = bindparam(f"w{condition.position}", type_=Blind(model.__tablename__, declared.index))
        return OPERATORS["in"](getattr(source, declared.index), blind)
    kind = value(source, column).type
    given = bindparam(f"w{condition.position}", type_=ARRAY(kind) if operator == "in" else kind)
    pointed = _hidden_in_part(source, column, roles)
    if pointed is None:
        return _test(source, column, operator, given)
    if operator == "in":
        return _test(source, column, "in", func.array(_seen(pointed, "in", given, roles).scalar_subquery()))
    same = and_(_test(source, column, "eq", given), exists(_seen(pointed, "eq", given, roles)))
    return same.is_not(true()) if operator == "ne" else same


def _is_null(source: Any, condition: IsNull, roles: frozenset[Role]) -> ColumnElement[bool]:
    pointed = _hidden_in_part(source, condition.column, roles)
    missing: ColumnElement[bool] = value(source, condition.column).is_(None)
    if pointed is not None:
        missing = not_(_shown(source, condition.column, pointed, roles))
    return not_(missing) if condition.negated else missing


def _dated(source: Any, condition: Dated) -> ColumnElement[bool]:
    """Each column by itself too, so that the index is used and other partitions are not looked into."""
    keys = bindparam(f"w{condition.position}", type_=ARRAY(BigInteger))
    days = bindparam(f"w{condition.position + 1}", type_=ARRAY(Date))
    wanted = func.unnest(keys, days).table_valued(column("id", BigInteger), column("date", Date), name="wanted")
    pair = wanted.render_derived().c
    named = exists(select(1).where(pair.id == source.id, pair.date == source.date))
    return and_(source.id == any_(keys), source.date == any_(days), named)


def _has(source: Any, condition: Has, roles: frozenset[Role]) -> ColumnElement[bool]:
    """Only by rows that the viewer may see: a filter must not tell of those that a list would hide."""
    relation = condition.relation
    target = aliased(relation.model)
    matched = and_(
        target.institution_id == source.institution_id,
        getattr(target, relation.key) == value(source, relation.parent),
        *relation.fixed(target),
        scope(relation.model, target, roles),
        clause(target, condition.part, roles),
    )
    return exists(select(1).where(matched))


def clause(
    source: type[Tenant] | Any, condition: Condition | None, roles: frozenset[Role], *, finding: bool = True
) -> ColumnElement[bool]:
    """The condition on `source`, a model or an alias of one, as SQL, for a viewer with these roles.

    `finding` where every row that is read meets it, so that rows may be found by it.
    """
    match condition:
        case None:
            return true()
        case Compare():
            return _compare(source, condition, roles)
        case IsNull():
            return _is_null(source, condition, roles)
        case Dated():
            return _dated(source, condition)
        case Holds():
            keys = bindparam(f"w{condition.position}", type_=ARRAY(BigInteger))
            return holds(source, condition.column, keys, finding=finding)
        case Every(parts):
            return and_(true(), *(clause(source, part, roles, finding=finding) for part in parts))
        case Some(parts):
            return or_(false(), *(clause(source, part, roles, finding=False) for part in parts))
        case Not(part):
            # A comparison with a missing value does not hold, and so its negation does.
            return clause(source, part, roles, finding=False).is_not(true())
        case Has():
            return _has(source, condition, roles)


def found_by(condition: Condition | None, roles: frozenset[Role]) -> Found | None:
    """How a filter finds rows, where that proves something of them: rows that the viewer sees lead there."""
    match condition:
        case Every(parts):
            return next((found for part in parts if (found := found_by(part, roles))), None)
        case Has(relation):
            keys = proven(relation.model, relation.key, roles)
            return Found(relation.parent, keys) if keys else None
    return None
