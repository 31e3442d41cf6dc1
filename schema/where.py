"""`where` inputs, and how one becomes a condition.

    @where(models.Student, guardians=resolve.guardians)
    class StudentWhere:
        status: EnumFilter[models.StudentStatus] | None              a column
        grade_level: IDFilter | None                                 a to-one relation, by the record's id
        students: IDsFilter | None                                   a column of several keys, by one of the ids

Keywords name the batches of to-many relations: some row of the relation meets that condition. They, `AND`, `OR`,
`NOT` and the defaults are added. Only what stands in such a class can be filtered by; each column has
its index.
"""

from collections.abc import Callable
from typing import Any, Optional, TypeVar

import strawberry
from strawberry import UNSET

from models import Base, Role
from models.computed import pointed_to
from resolvers.access import audiences
from resolvers.batches import Batch
from resolvers.errors import Forbidden, Invalid, spelled
from resolvers.filters import Compare, Condition, Dated, Every, Has, Holds, IsNull, Not, Some
from resolvers.people.student_secrets import national_id
from resolvers.policy import check_shown
from schema.comments import describe
from schema.node import decode, identity
from schema.operators import IDFilter, IDsFilter, NationalIdFilter, RecordFilter, operator
from schema.refs import reference

T = TypeVar("T")
DEPTH_LIMIT = 6
LIST_LIMIT = 1000
CONDITIONS_LIMIT = 200


def _column(model: type[Base], name: str) -> str:
    names = name, f"{name}_id", f"{name.removesuffix('s')}_ids"
    return next(each for each in names if hasattr(model, each))


def _about(model: type[Base], name: str, relations: dict[str, Batch]) -> str:
    if name in relations:
        return f"Has at least one of its {name.replace('_', ' ')} that meets this."
    return f"By: {describe(model, _column(model, name))}"


def where(model: type[Base], **relations: Batch) -> Callable[[type[T]], type[T]]:
    """Make a class the filter input of `model`; keywords name the batches of its to-many relations."""

    def decorate(kind: type[T]) -> type[T]:
        kind.__annotations__ |= {name: Optional[reference(batch.model, "Where")] for name, batch in relations.items()}  # noqa: UP045
        for name in kind.__annotations__:
            setattr(kind, name, operator(_about(model, name, relations)))
        combined = {"AND": "All of these hold.", "OR": "At least one of these holds.", "NOT": "This does not hold."}
        for name, description in combined.items():
            own = f"{kind.__name__} | None" if name == "NOT" else f"list[{kind.__name__}] | None"
            kind.__annotations__[name] = own
            setattr(kind, name, strawberry.field(description=description, default=UNSET, name=name))
        kind.model, kind.relations = model, relations  # type: ignore[attr-defined]
        return strawberry.input(kind, description=f"Conditions on {model.__name__}; all that are given must hold.")

    return decorate


class _Reader:
    """Walks a `where` and collects the values in the order in which their positions are counted."""

    def __init__(self, roles: frozenset[Role]) -> None:
        self.roles = roles
        self.values: dict[str, Any] = {}
        self.conditions = 0

    def compare(self, column: str, name: str, value: Any) -> Condition:
        return Compare(column, name, self.bound(value))

    def bound(self, value: Any) -> int:
        """The position of a value that a condition compares with."""
        position = len(self.values)
        self.values[f"w{position}"] = value
        return position

    def condition(self, given: Any, path: str, depth: int = 0) -> Condition:
        if depth > DEPTH_LIMIT:
            raise Invalid(f"{path}: conditions are nested more than {DEPTH_LIMIT} deep", field=path)
        self.conditions += 1
        if self.conditions > CONDITIONS_LIMIT:
            raise Invalid(f"where: more than {CONDITIONS_LIMIT} conditions; `in` takes many values", field="where")
        parts = [
            self.part(given, name, value, f"{path}.{spelled(name)}", depth + 1)
            for name, value in vars(given).items()
            if value is not UNSET and value is not None
        ]
        return Every(tuple(parts))

    def part(self, given: Any, name: str, value: Any, path: str, depth: int) -> Condition:
        if name == "NOT":
            return Not(self.condition(value, path, depth))
        if name in ("AND", "OR"):
            parts = tuple(self.condition(each, f"{path}.{n}", depth) for n, each in enumerate(value))
            return Every(parts) if name == "AND" else Some(parts)
        if name in given.relations:
            return self.has(given.relations[name], value, path, depth)
        return Every(tuple(self.operators(given.model, _column(given.model, name), value, path)))

    def has(self, batch: Batch, value: Any, path: str, depth: int) -> Condition:
        if not audiences(batch.model, self.roles):
            raise Forbidden(f"{path}: your roles see no {batch.model.__name__}, so none can be asked for", field=path)
        return Has(batch, self.condition(value, path, depth))

    def operators(self, model: type[Base], column: str, given: Any, path: str) -> list[Condition]:
        check_shown(model, column, self.roles, path)
        parts: list[Condition] = []
        for name, value in vars(given).items():
            if value is UNSET:
                continue
            name = name.rstrip("_")
            if value is None and name in ("eq", "ne") and not isinstance(given, RecordFilter):
                parts.append(IsNull(column, negated=name == "ne"))
                continue
            place = f"{path}.{spelled(name)}"
            if isinstance(given, RecordFilter):
                parts.append(self.records(value, place))
                continue
            if isinstance(given, IDsFilter):
                parts.append(self.holds(model, column, value, place))
                continue
            if column == "id" and identity(model).dated:
                named = self.dated(model, value, place)
                parts.append(Not(named) if name == "ne" else named)
                continue
            if isinstance(given, IDFilter):
                value = _keys(model, column, value, place)
            if isinstance(given, NationalIdFilter):
                value = national_id(value, place)
            parts.append(self.compare(column, name, _checked(value, place)))
        return parts

    def dated(self, model: type[Base], given: Any, path: str) -> Condition:
        """Rows by ids that carry a day: one with another day names none."""
        keys = [decode(each, model, field=path) for each in _several(given, path)]
        condition = Dated(self.bound([key.id for key in keys]))
        self.bound([key.date for key in keys])
        return condition

    def holds(self, model: type[Base], column: str, given: Any, path: str) -> Condition:
        """Rows of which a column of several keys has one of these."""
        return Holds(column, self.bound(_keys(model, column, _several(given, path), path)))

    def records(self, given: Any, path: str) -> Condition:
        """Records of any types, by the names of their tables and their keys."""
        keys: dict[str, list[int]] = {}
        for key in (decode(each, field=path) for each in _several(given, path)):
            keys.setdefault(key.model.__tablename__, []).append(key.id)
        of_table = [
            Every((self.compare("table_name", "eq", table), self.compare("record_id", "in", found)))
            for table, found in keys.items()
        ]
        return Some(tuple(of_table))


def _keys(model: type[Base], column: str, value: Any, path: str) -> Any:
    target = model if column == "id" else pointed_to(model, column)
    if isinstance(value, list):
        return [decode(each, target, field=path).id for each in value]
    return decode(value, target, field=path).id if value is not None else None


def _checked(value: Any, path: str) -> Any:
    if value is None:
        raise Invalid(
            f"{path}: null cannot be compared; leave the operator out, or use eq or ne where there are such", field=path
        )
    if isinstance(value, list) and len(value) > LIST_LIMIT:
        raise Invalid(f"{path}: {len(value)} values are more than {LIST_LIMIT}", field=path)
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, str) and "\0" in each:
            raise Invalid(f"{path}: a text cannot contain the character U+0000", field=path)
    return value


def _several(given: Any, path: str) -> list[Any]:
    """What was given, one or a list of them, as a list."""
    value = _checked(given, path)
    return value if isinstance(value, list) else [value]


def filtered(given: Any, roles: frozenset[Role]) -> tuple[Condition | None, dict[str, Any]]:
    """A `where` as a condition without values, and its values by parameter name.

    Raises Invalid, and Forbidden where somebody with these roles may not see what it compares.
    """
    if given is None or given is UNSET:
        return None, {}
    reader = _Reader(roles)
    condition = reader.condition(given, "where")
    return condition, reader.values
