"""What clients read about columns: the comments that stand in the models and in the database."""

from typing import Any

from models import Base
from models.computed import Computed


def declaration(model: type[Base], name: str) -> Any:
    """What the class or one of its bases says under a name."""
    return next((vars(base)[name] for base in model.__mro__ if name in vars(base)), None)


def describe(model: type[Base], name: str) -> str:
    """The description of a column or computed value, as a sentence."""
    declared = declaration(model, name)
    comment = declared.comment if isinstance(declared, Computed) else model.__table__.columns[name].comment
    return f"{comment}."
