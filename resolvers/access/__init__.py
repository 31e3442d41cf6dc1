"""Which rows a viewer may see. Batches, pages, counts, filters and searches ask here, so there is nothing to remember.

    rules   which rows of each model each role sees; a model or role without a line sees nothing
    rule    what a rule is, and what it proves of the rows below
    sets    the keys that rules compare with: courses taught, own children …

What somebody with several roles sees is the union. SUPERADMIN is an ADMIN of the institution acted in.
"""

from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, false, or_, true

from models import Base, Role
from resolvers.access.rule import EVERY_ROW, LOOKED_UP, Found
from resolvers.access.rules import ANYONE, RULES
from resolvers.access.sets import KeySet

Roles = frozenset[Role]


def audiences(model: type[Base], roles: Roles) -> frozenset[str]:
    """As whom somebody with these roles sees rows of a model: the roles that have a rule for it, or ANYONE."""
    held = {ANYONE, *roles, *([Role.ADMIN] if Role.SUPERADMIN in roles else [])}
    return frozenset(held & RULES.get(model, {}).keys())


def sees_all(model: type[Base], seen_as: frozenset[str]) -> bool:
    """Whether one of the audiences sees every row of the school."""
    return any(RULES[model][each] is EVERY_ROW for each in seen_as)


def rows_of(
    model: type[Base], source: Any, seen_as: frozenset[str], *, found: Found | None = LOOKED_UP
) -> ColumnElement[bool]:
    """The rows of `source`, the model or an alias of it, that the audiences see between them.

    `found` says how they come; None where the scope itself is to find them: one rule by itself is then joined with
    whatever else narrows the rows, and several are looked up by the keys of each.
    """
    if sees_all(model, seen_as):
        return true()
    if len(seen_as) == 1:
        found = found or LOOKED_UP
    return or_(false(), *(RULES[model][each].condition(source, found) for each in sorted(seen_as)))


def scope(model: type[Base], source: Any, roles: Roles, *, found: Found | None = LOOKED_UP) -> ColumnElement[bool]:
    """The rows of `source`, the model or an alias of it, that somebody with these roles may see."""
    return rows_of(model, source, audiences(model, roles), found=found)


def hides_rows(model: type[Base], roles: Roles) -> bool:
    """Whether some rows of the school may be hidden from somebody with these roles."""
    return not sees_all(model, audiences(model, roles))


@lru_cache(maxsize=2048)
def proven(model: type[Base], column: str, roles: Roles) -> frozenset[KeySet]:
    """What is known of the keys in a column of rows that somebody with these roles was shown.

    Nothing where the rows may have been shown for several reasons, of which any one holds.
    """
    seen_as = audiences(model, roles)
    only = next(iter(seen_as)) if len(seen_as) == 1 else None
    return frozenset() if only is None else RULES[model][only].proves.get(column, frozenset())


def page_limit(roles: Roles) -> int:
    """How many rows a page may have: report generators read whole years at once."""
    return 10_000 if Role.REPORTER in roles else 100
