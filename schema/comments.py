"""What clients read about types and columns: the comments of the models, and by the policy who sees them."""

from typing import cast

from models import Base
from models.computed import Computed, declaration
from resolvers.access.rules import RULES
from resolvers.policy import POLICY, readers, row_readers


def describe(model: type[Base], name: str) -> str:
    """The description of a column or computed value: what it is, and who sees it where not all who see the row do."""
    declared = declaration(model, name)
    comment = declared.comment if isinstance(declared, Computed) else model.__table__.columns[name].comment
    seen_by = POLICY.get((model, name))
    hidden = seen_by is not None and RULES.get(model, {}).keys() - seen_by
    return f"{comment}. {readers(model, name)}" if hidden else f"{comment}."


def describe_type(model: type[Base]) -> str:
    """The description of a type: what its rows are, and who sees which."""
    comment = cast(str | None, getattr(model.__table__, "comment", None))
    return f"{comment} {row_readers(model)}"
