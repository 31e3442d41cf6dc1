"""Which rows a viewer may see. Batches and pages always ask here, so there is nothing to remember.

A role that has no rule sees nothing: what is forgotten is hidden.
"""

from typing import Any

from sqlalchemy import ColumnElement, false, true

from models import Role

# Sees every row of the institution.
WHOLE_SCHOOL = frozenset({Role.ADMIN, Role.REPORTER})


def scope(source: Any, roles: frozenset[Role]) -> ColumnElement[bool]:
    """Which rows of `source` (a model or an alias of one) somebody with these roles may see."""
    return true() if roles & WHOLE_SCHOOL else false()


def page_limit(roles: frozenset[Role]) -> int:
    """How many rows a page may have: report generators read whole years at once."""
    return 10_000 if Role.REPORTER in roles else 100
