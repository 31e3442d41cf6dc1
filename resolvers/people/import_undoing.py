"""An import of students taken back: they are removed, and not only retired, as if they had never been there."""

from collections.abc import Mapping, Sequence

from sqlalchemy import ARRAY, BigInteger, BindParameter, all_, and_, any_, bindparam, func, or_, select

from models import Base, Enrollment, ExternalId, Guardian, Operation, SchoolEnrollment, Student, StudentGuardian
from resolvers.errors import Conflict
from resolvers.unit_of_work import Change
from resolvers.writing.content import table_of
from resolvers.writing.references import told_count, used_among
from resolvers.writing.undoing import FIELD, Undone, hold_left

# What an import makes, as its operation calls it, in the order in which it can be removed.
MADE: Mapping[str, type[Base]] = {
    "names": ExternalId,
    "links": StudentGuardian,
    "enrollments": Enrollment,
    "spans": SchoolEnrollment,
    "guardians": Guardian,
    "students": Student,
}
# The order in which it is locked: see `resolvers.writing.lock_order`.
LOCKED = ("students", "spans", "enrollments", "guardians", "links", "names")
PEOPLE: Mapping[str, type[Base]] = {"students": Student, "guardians": Guardian}


async def take_import_back(change: Change, operation: Operation) -> Undone:
    """Remove all that it made, while nobody has changed any of it and nothing else refers to it."""
    made: dict[str, list[int]] = {name: operation.summary.get(name, []) for name in MADE}
    for name in LOCKED:
        await hold_left(change, MADE[name], [({"id": key}, 1) for key in made[name]])
    own = {table_of(model).name: made[name] for name, model in MADE.items()}
    for name, model in PEOPLE.items():
        used = [*await used_among(change, model, made[name], but=own)]
        if name == "students":
            used += await _named_since(change, made)
        if used:
            raise Conflict(f"{FIELD}: its {name} have {' and '.join(used)} by now", field=FIELD)
    removed = 0
    for name, model in MADE.items():
        removed += len(await change.delete_rows(model, [{"id": key} for key in made[name]]))
    told = {"action": "undo_import", "operation": operation.id, "students": made["students"]}
    change.publish("institution", change.institution_id, told)
    return Undone(removed, 0)


async def _named_since(change: Change, made: Mapping[str, Sequence[int]]) -> list[str]:
    """Names in other systems that the import did not give."""
    about = (
        and_(ExternalId.entity == table_of(model).name, ExternalId.record_id == any_(_keys(name, made[name])))
        for name, model in MADE.items()
    )
    found = select(func.count()).where(
        ExternalId.institution_id == change.institution_id,
        or_(*about),
        ExternalId.id != all_(_keys("own", made["names"])),
    )
    count = (await change.session.execute(found)).scalar_one()
    return [told_count("external_id", count)] if count else []


def _keys(name: str, keys: Sequence[int]) -> BindParameter[Sequence[int]]:
    return bindparam(name, keys, type_=ARRAY(BigInteger))
