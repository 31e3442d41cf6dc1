"""Fields of the inputs of students that are kept sealed."""

from typing import Any

import strawberry

import models
from resolvers.people.student_secrets import DIGITS, LONGEST
from schema.comments import describe
from schema.inputs import optional


def _about(name: str) -> str:
    bound = f" At most {LONGEST[name]:,} characters." if name in LONGEST else f" {DIGITS} digits, which may be grouped."
    return f"{describe(models.Student, name)}{bound}"


def new_sealed(name: str) -> Any:
    """A sealed text of a new student, which may be left out."""
    return optional(_about(name))


def known_sealed(name: str) -> Any:
    """A sealed text of a student, which stays as it is where it is left out."""
    return strawberry.field(description=f"{_about(name)} Null: none.")
