"""Relations, and the one statement that loads a relation for all parents of a level.

How to add a relation:

1. In `resolvers/<area>/<entity>.py` name it as a module-level constant:
   `guardian = one(models.Guardian, parent="guardian_id")` (to-one: the parent's row holds the key) or
   `grades = many(models.Grade, key="student_id", order=("date", "id"))` (to-many: the target's row does).
2. In `schema/<area>/<entity>.py` give it a field: `guardian: refs.Guardian | None = relation(resolve.guardian)`.
3. Count its statements in a test: one, for one parent and for fifty.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any, TypedDict, Unpack

from sqlalchemy import BigInteger, ColumnElement, Select, bindparam, case, func, inspect, select, true
from sqlalchemy import column as named_column
from sqlalchemy.dialects.postgresql import ARRAY, array
from sqlalchemy.orm import aliased

from models import Base, ExternalId, Retirable, Role
from models.computed import Computed, declaration, held_by, holds, value
from resolvers.access import scope
from resolvers.access.rule import LOOKED_UP, Found
from resolvers.access.sets import KeySet
from resolvers.filters import Condition, clause, found_by
from resolvers.ordering import Order, beyond, order_by, ordered, sorted_by
from resolvers.statements import Statement, compiled, output
from resolvers.texts import Writing, gathered
from resolvers.trail.subjects import STUDENT, Subjects, of_keys, of_pieces, of_rows, subject


@dataclass(frozen=True, eq=False)
class Batch:
    """One relation: rows of `model` whose `key` is the parent row's `parent`.

    `order` is the default order of a to-many relation; `constants` are conditions that always hold. Where the rows hold
    several parents' keys in an array, the relation is read in pages, by `related_connection`, and its model is one of
    `counting.CAPPED`.
    """

    model: type[Base]
    key: str
    parent: str
    many: bool
    order: tuple[Order, ...] = ()
    constants: Mapping[str, Any] = field(default_factory=dict)

    def fixed(self, source: Any) -> list[ColumnElement[bool]]:
        """What holds for every row of the relation: its constants, and in lists that the row is in use."""
        conditions = [getattr(source, name) == wanted for name, wanted in self.constants.items()]
        if self.many and issubclass(self.model, Retirable):
            conditions.append(source.deleted_at.is_(None))
        return conditions

    @property
    def held(self) -> bool:
        """Whether `key` is an array, which holds the keys of all parents that the row belongs to."""
        return held_by(self.model, self.key) is not None

    def belongs(self, source: Any, key: Any) -> ColumnElement[bool]:
        """The condition that a row is one of the parent's with this key."""
        return holds(source, self.key, array([key])) if self.held else getattr(source, self.key) == key

    @property
    def by_student(self) -> bool:
        """Whether the keys are those of students, and the rows parts of their records."""
        return self.many and self.key == subject(self.model)


def one(model: type[Base], *, parent: str, key: str = "id", **constants: Any) -> Batch:
    """A to-one relation; its rows may be retired unless `deleted_at=None` is among the constants."""
    return Batch(model, key, parent, many=False, constants=constants)


def many(
    model: type[Base], *, key: str, order: tuple[str, ...] = ("id",), parent: str = "id", **constants: Any
) -> Batch:
    """A to-many relation; a name in `order` that begins with `-` sorts downwards."""
    return Batch(model, key, parent, many=True, order=ordered(sorted_by(*order)), constants=constants)


@cache
def by_id(model: type[Base]) -> Batch:
    """The record that a key names."""
    return one(model, parent="id")


def external_ids(model: type[Base]) -> Batch:
    """What other systems call a record of `model`."""
    return many(ExternalId, key="record_id", order=("system", "id"), entity=model.__tablename__)


class Changes(TypedDict, total=False):
    """What a statement depends on, as in `Shape`."""

    columns: tuple[str, ...]
    where: Condition | None
    order: tuple[Order, ...]
    limited: bool
    after: tuple[bool, ...] | None
    cursors: bool
    peeking: bool
    proven: frozenset[KeySet]
    writing: Writing | None


@dataclass(frozen=True)
class Shape:
    """All that a statement depends on but its values: it is the key of the compiled statement.

    `limited` rows for each parent; `after` says, for each ordered column, whether the cursor's value is null;
    `peeking` reads one row more than is shown, to know whether there are more. `proven` is what the keys of a relation
    are known to be among, since they come from rows shown to the viewer in the same snapshot: it is not asked again.
    `few` says that there are no more than a handful of keys. With a `writing` all rows come as one (`resolvers.texts`).
    """

    columns: tuple[str, ...]
    roles: frozenset[Role]
    where: Condition | None = None
    order: tuple[Order, ...] = ()
    limited: bool = False
    after: tuple[bool, ...] | None = None
    cursors: bool = False
    peeking: bool = False
    proven: frozenset[KeySet] = frozenset()
    few: bool = False
    writing: Writing | None = None

    def but(self, **changes: Unpack[Changes]) -> "Shape":
        """The same with changes. `dataclasses.replace`, which looks for unknown ones, takes four times as long."""
        changed = object.__new__(Shape)
        changed.__dict__.update(self.__dict__, **changes)
        return changed


def subject_name(model: type[Base], shape: Shape) -> str | None:
    """The column of an answer that says whose record a row is; None where it is nobody's."""
    column = subject(model)
    return column if column is None or column in shape.columns else STUDENT


def selected(source: Any, shape: Shape, *, subjects: bool = True) -> list[ColumnElement[Any]]:
    """The columns asked for, those that a cursor is made of, and whose record the row is."""
    columns = [output(source, name, shape.roles) for name in shape.columns]
    if shape.cursors:
        columns += [value(source, order.column).label(f"_c{n}") for n, order in enumerate(shape.order)]
    model = inspect(source).mapper.class_
    if subjects and subject_name(model, shape) == STUDENT:
        columns.append(value(source, str(subject(model))).label(STUDENT))
    return columns


def restricted(
    statement: Select[Any], model: type[Base], source: Any, shape: Shape, *, found: Found | None = LOOKED_UP
) -> Select[Any]:
    """What every read has: the tenant, the viewer's scope, the filter, the place to go on from.

    `found` says how the rows come; None where the scope itself is to find them. What the filter proves of them need not
    be asked again.
    """
    if found is None or not found.proven:
        found = found_by(shape.where, shape.roles) or found
    statement = statement.where(source.institution_id == bindparam("tenant", type_=BigInteger))
    statement = statement.where(
        scope(model, source, shape.roles, found=found), clause(source, shape.where, shape.roles)
    )
    return statement.where(beyond(source, shape.order, shape.after)) if shape.after else statement


def _key_type(batch: Batch, source: Any) -> Any:
    return BigInteger() if batch.held else getattr(source, batch.key).type


def keys_of(batch: Batch, source: Any) -> Any:
    return bindparam("keys", type_=ARRAY(_key_type(batch, source)))


def parents_of(batch: Batch, source: Any) -> Any:
    """The keys of the parents as rows."""
    keys = func.unnest(keys_of(batch, source))
    return keys.table_valued(named_column("key", _key_type(batch, source)), name="p").render_derived()


def _found(batch: Batch, shape: Shape) -> Found:
    return Found(batch.key, shape.proven, shape.few)


def _for_each_parent(batch: Batch, shape: Shape) -> Select[Any]:
    """At most `first` rows a parent, by LATERAL: the index is walked only so far for each of them."""
    source = aliased(batch.model)
    parents = parents_of(batch, source)
    rank = func.row_number().over(order_by=order_by(source, shape.order)).label("_n")
    inner = select(*selected(source, shape, subjects=not batch.by_student), rank).where(
        batch.belongs(source, parents.c.key)
    )
    inner = restricted(
        inner.where(*batch.fixed(source)), batch.model, source, shape, found=_found(batch, shape)
    ).order_by(*order_by(source, shape.order))
    rows = inner.limit(bindparam("first", type_=BigInteger)).lateral("t")
    named = [column for column in rows.c if column.key not in ("_n", STUDENT)]
    columns = [*named, *_shown_subject(batch, shape, rows), parents.c.key.label("_key")]
    return select(*columns).select_from(parents.join(rows, true())).order_by(rows.c["_n"])


def _shown_subject(batch: Batch, shape: Shape, rows: Any) -> list[ColumnElement[Any]]:
    """Whose record a row is, under a name of its own; nobody's in the row of each parent that is not shown."""
    name = None if batch.by_student else subject_name(batch.model, shape)
    if name is None:
        return []
    shown = rows.c["_n"] < bindparam("first", type_=BigInteger)
    return [(case((shown, rows.c[name])) if shape.peeking else rows.c[name]).label(STUDENT)]


def _for_all_parents(batch: Batch, shape: Shape) -> Select[Any]:
    source = batch.model
    key = getattr(source, batch.key)
    columns: list[Any] = [*selected(source, shape, subjects=not batch.by_student), key.label("_key")]
    statement = select(*columns).where(key == func.any(keys_of(batch, source)))
    statement = restricted(statement.where(*batch.fixed(source)), source, source, shape, found=_found(batch, shape))
    return statement.order_by(*order_by(source, shape.order)) if batch.many else statement


@lru_cache(maxsize=2048)
def statement_for(batch: Batch, shape: Shape) -> Statement:
    """The statement that loads `batch` for the parameter `keys`; the last column, `_key`, says whose a row is."""
    rows = (_for_each_parent if shape.limited else _for_all_parents)(batch, shape)
    if shape.writing:
        return written(rows, batch.model, shape, shape.writing, by_student=batch.by_student)
    return compiled(rows, batch.model, subjects=of_keys if batch.by_student else _subjects(rows, batch.model, shape))


def _subjects(rows: Select[Any], model: type[Base], shape: Shape) -> Subjects | None:
    return of_rows(rows, _student(rows, model, shape))


def _student(rows: Select[Any], model: type[Base], shape: Shape) -> str | None:
    """The column that says whose record a row of the select is."""
    return STUDENT if STUDENT in rows.selected_columns else subject_name(model, shape)


def written(
    rows: Select[Any],
    model: type[Base],
    shape: Shape,
    writing: Writing,
    *,
    by_student: bool = False,
    peeking: bool = False,
) -> Statement:
    """The statement of rows as text: one row of all their pieces."""
    student = None if by_student else _student(rows, model, shape)
    others = [name for name in (student, "_key") if name and name in rows.selected_columns and name not in writing.keys]
    whole = gathered(rows, writing, others, cursors=len(shape.order) if shape.cursors else 0)
    texts, keys = len(writing.texts), [*writing.keys, *others]
    subjects = of_pieces(texts + keys.index(student), peeking=peeking) if student else None
    layout = writing.layout(texts + len(keys))
    return compiled(whole, model, subjects=of_keys if by_student else subjects, layout=layout)


def has_values(model: type[Base], name: str) -> bool:
    """Whether a computed value can be had of many rows by a statement of its own, sooner than with each as a row."""
    declared = declaration(model, name)
    return isinstance(declared, Computed) and declared.for_many is not None


@lru_cache(maxsize=256)
def values_for(model: type[Base], name: str) -> Statement:
    """The statement for the values of a computed value of the rows with the parameter `keys`: `_key` and `value`.

    Whose records they are is known of the rows, which are read besides.
    """
    rows: Select[Any] = declaration(model, name).for_many(bindparam("keys", type_=ARRAY(BigInteger)))
    return compiled(rows, model, subjects=None)
