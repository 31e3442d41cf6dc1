"""Which groups of an aggregate are shown: conditions on what they are by."""

from collections.abc import Iterator
from typing import Any

import strawberry
from strawberry import UNSET

import models
from resolvers.errors import Invalid, spelled
from resolvers.reports.aggregate import Chosen
from schema.node import decode
from schema.operators import BooleanFilter, EnumFilter, IDFilter, StringFilter, operator
from schema.where import LIST_LIMIT

# The records whose ids stand in a condition, and the name of their key.
RECORDS: dict[str, tuple[str, type[models.Base]]] = {
    "subject": ("subject_id", models.Subject),
    "semester": ("semester_id", models.Semester),
    "grade_level": ("grade_level_id", models.GradeLevel),
}
PART = "Allowed of {} alone, whose groups are always by it."


@strawberry.input(
    description="Which groups are shown, of those that may be; all that are given must hold. Only what the groups are"
    " by can be chosen by: any other condition would count other students, and the difference of two answers would"
    " tell of those. It changes neither what a group counts nor which ones are left out."
)
class AggregateWhere:
    subject: IDFilter | None = operator(f"By the subject. {PART.format('GRADES')}")
    semester: IDFilter | None = operator(f"By the semester. {PART.format('GRADES')}")
    currency: StringFilter | None = operator(f"By the currency. {PART.format('SCHOLARSHIPS')}")
    gender: EnumFilter[models.Gender] | None = operator("By the gender.")
    grade_level: IDFilter | None = operator("By the grade level.")
    section: StringFilter | None = operator("By the section.")
    village: StringFilter | None = operator("By the village.")
    religion: StringFilter | None = operator("By the religion.")
    caste: StringFilter | None = operator("By the caste.")
    vaccinated: BooleanFilter | None = operator("By whether they are vaccinated.")
    needs_clothes: BooleanFilter | None = operator("By whether they need clothes.")
    needs_materials: BooleanFilter | None = operator("By whether they need school materials.")
    needs_transport: BooleanFilter | None = operator("By whether they need transport.")
    poverty_card: BooleanFilter | None = operator("By whether the family has a poverty card.")
    own_house: BooleanFilter | None = operator("By whether the family owns its house.")
    scholarship: BooleanFilter | None = operator("By whether they have a scholarship.")


def chosen(where: AggregateWhere | None) -> list[Chosen]:
    """The conditions, one by one. Raises Invalid."""
    given = {} if not where else {name: value for name, value in vars(where).items() if value}
    return [each for name, value in given.items() for each in _conditions(name, value)]


def _conditions(name: str, given: Any) -> Iterator[Chosen]:
    place = f"where.{spelled(name)}"
    column, model = RECORDS.get(name, (name, None))
    for called, value in vars(given).items():
        if value is not UNSET:
            kind = called.rstrip("_")
            yield Chosen(column, kind, _value(value, kind, model, f"{place}.{spelled(kind)}"), place)


def _value(value: Any, kind: str, model: type[models.Base] | None, place: str) -> Any:
    if value is None and kind not in ("eq", "ne"):
        raise Invalid(f"{place}: null cannot be compared; leave the operator out, or use eq or ne", field=place)
    if isinstance(value, list) and len(value) > LIST_LIMIT:
        raise Invalid(f"{place}: {len(value)} values are more than {LIST_LIMIT}", field=place)
    if model is None or value is None:
        return value
    keys = [decode(each, model, field=place).id for each in (value if isinstance(value, list) else [value])]
    return keys if isinstance(value, list) else keys[0]
