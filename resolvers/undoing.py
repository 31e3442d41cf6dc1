"""Bulk changes taken back, as a whole, while everything is as they left it.

A way gets the operation, whose `summary` is what the change kept of itself (`change.operation`).
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from models import Operation, Role
from models.academics.rollover_plan import APPLIES
from resolvers.academics.enrolling import take_enrollments_back
from resolvers.academics.rollover_undoing import take_rollover_back
from resolvers.academics.undoing import take_marks_back
from resolvers.context import Context
from resolvers.errors import Conflict, Invalid, NotFound, shown
from resolvers.people.import_undoing import take_import_back
from resolvers.permissions import ADMINS, MARKERS, OFFICE
from resolvers.unit_of_work import Change
from resolvers.writing.undoing import FIELD, Undone

_ID = re.compile(r"op_([1-9][0-9]{0,17})")


@dataclass(frozen=True)
class Way:
    """How operations of an action are taken back, and by whom; who is not of the office takes back only the own."""

    take_back: Callable[[Change, Operation], Awaitable[Undone]]
    roles: frozenset[Role]


WAYS: Mapping[str, Way] = {
    "attendance.record": Way(take_marks_back, MARKERS),
    "grade.record": Way(take_marks_back, MARKERS),
    "enrollment.record": Way(take_enrollments_back, OFFICE),
    "student.import": Way(take_import_back, OFFICE),
    APPLIES: Way(take_rollover_back, ADMINS),
}


def operation_id(key: int | None) -> str | None:
    """How clients know an operation."""
    return None if key is None else f"op_{key}"


def _key(text: str) -> int:
    match = _ID.fullmatch(text)
    if match is None:
        raise Invalid(f"{FIELD}: {shown(text)} is not the id of an operation", field=FIELD)
    return int(match[1])


async def undo(context: Context, *, operation: str) -> Undone:
    """Take a bulk change back. Raises NotFound, and Conflict where something has been changed or added since."""
    key = _key(operation)
    async with context.change("operation.undo", id=key) as change:
        found = await _found(change, key)
        answer = await WAYS[found.action].take_back(change, found)
        found.undone_at = change.author.at
        change.details |= {"action": found.action, "removed": answer.removed, "restored": answer.restored}
    return answer


async def _found(change: Change, key: int) -> Operation:
    """The operation, locked, if the viewer may take it back."""
    statement = select(Operation).where(Operation.institution_id == change.institution_id, Operation.id == key)
    roles = change.unit.view.roles if change.unit.view else OFFICE
    statement = statement.where(Operation.action.in_([action for action, way in WAYS.items() if way.roles & roles]))
    if not roles & OFFICE:
        statement = statement.where(Operation.actor_kind == change.author.kind, Operation.actor_id == change.author.id)
    found = await change.session.scalar(statement.with_for_update())
    if found is None:
        raise NotFound(f"{FIELD}: there is no operation with this id that can be undone", field=FIELD)
    if found.undone_at is not None:
        raise Conflict(f"{FIELD}: has been undone already", field=FIELD)
    return found
