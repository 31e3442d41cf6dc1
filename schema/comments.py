"""What clients read about columns: the comments that stand in the models and in the database."""

from models import Base
from models.computed import Computed, declaration


def describe(model: type[Base], name: str) -> str:
    """The description of a column or computed value, as a sentence."""
    declared = declaration(model, name)
    comment = declared.comment if isinstance(declared, Computed) else model.__table__.columns[name].comment
    return f"{comment}."
