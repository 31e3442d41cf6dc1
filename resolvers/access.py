"""Which rows a viewer may see. Batches and pages always ask here, so there is nothing to remember.

A role that has no rule sees nothing but the viewer's own account: what is forgotten is hidden.
"""

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, bindparam, false, true

from models import Base, Institution, Role, SchoolProfile, User, UserRole

# Sees every row of the institution.
WHOLE_SCHOOL = frozenset({Role.ADMIN, Role.REPORTER})

# A row of one's own: the column that holds the user's key.
OWN_ROWS: dict[type[Base], str] = {User: "id", UserRole: "user_id"}


def scope(model: type[Base], source: Any, roles: frozenset[Role]) -> ColumnElement[bool]:
    """Which rows of `source`, the model or an alias of it, somebody with these roles may see."""
    if roles & WHOLE_SCHOOL or model in (Institution, SchoolProfile):
        return true()
    own = OWN_ROWS.get(model)
    if own is None:
        return false()
    rule: ColumnElement[bool] = getattr(source, own) == bindparam("viewer", type_=BigInteger)
    return rule


def page_limit(roles: frozenset[Role]) -> int:
    """How many rows a page may have: report generators read whole years at once."""
    return 10_000 if Role.REPORTER in roles else 100
