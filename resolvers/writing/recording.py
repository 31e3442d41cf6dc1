"""What an ORM session flushes: stamped before, and told to the audit after.

The one place that keeps `created_by`, `updated_by` and `updated_at` of ORM objects; SQLAlchemy moves their `version`.
A statement that writes to a tracked table by itself is refused, since nothing would know what it changed: the set-based
helpers of `resolvers.unit_of_work.Change` write data and audit together.
"""

import datetime
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Table, event, inspect
from sqlalchemy.orm import InstanceState, ORMExecuteState, Session
from sqlalchemy.sql.dml import UpdateBase

from models import ActorKind, AuditOperation, Base
from resolvers.writing.bounds import check_bounds
from resolvers.writing.content import MASK, content, is_tracked, secrets, table_of

# Marks statements that write their audit themselves, or nothing that has one.
AUDITED = {"audited": True}
RECORDING = "recording"


@dataclass(frozen=True)
class Author:
    """Who changes something, when, and in which request; `at` is an instant in UTC."""

    kind: ActorKind
    id: int | None
    at: datetime.datetime
    request_id: str | None = None
    address: str | None = None

    @property
    def user_id(self) -> int | None:
        """What `created_by` and `updated_by` say."""
        return self.id if self.kind is ActorKind.USER else None


@dataclass
class Recording:
    """The audit entries of a session, collected from its flushes; `open` while a change is being made.

    `touched` are rows that are written though none of their columns changes.
    `attempted` are the values of the rows that were last flushed: a flush that fails leaves nothing else of them.
    """

    author: Author
    open: bool = False
    entries: list[dict[str, Any]] = field(default_factory=list)
    attempted: list[dict[str, Any]] = field(default_factory=list)
    touched: list[Base] = field(default_factory=list)

    @property
    def _listeners(self) -> dict[str, Any]:
        return {
            "before_flush": self._before_flush,
            "after_flush": self._after_flush,
            "do_orm_execute": _refuse_statement,
        }

    def listen(self, session: Session) -> None:
        session.info[RECORDING] = self
        for name, listener in self._listeners.items():
            event.listen(session, name, listener)

    def leave(self, session: Session) -> None:
        del session.info[RECORDING]
        for name, listener in self._listeners.items():
            event.remove(session, name, listener)

    def _before_flush(self, session: Session, *_: Any) -> None:
        changed = [row for row in (*session.new, *session.dirty, *session.deleted) if _is_written(session, row)]
        if changed and not self.open:
            raise RuntimeError(f"{type(changed[0]).__name__} was changed outside of any change of the unit of work")
        self.attempted = [dict(inspect(row).dict) for row in changed]
        for row in changed:
            if row not in session.deleted:
                self._stamp(row, new=row in session.new)

    def _stamp(self, row: Base, *, new: bool) -> None:
        state, table = inspect(row), table_of(type(row))
        for name, column in table.columns.items():
            if new or state.attrs[name].history.has_changes():
                check_bounds(column, state.dict.get(name))
        stamps: dict[str, Any] = {"updated_at": self.author.at, "updated_by": self.author.user_id}
        if new:
            stamps |= {"created_at": self.author.at, "created_by": self.author.user_id}
        if is_tracked(table):
            for name, value in stamps.items():
                if name in table.columns:
                    setattr(row, name, value)

    def _after_flush(self, session: Session, *_: Any) -> None:
        for row in session.new:
            self._tell(row, AuditOperation.INSERT, None, _whole(row))
        for row in session.dirty:
            if _is_written(session, row):
                self._tell(row, AuditOperation.UPDATE, *_difference(row, touched=row in self.touched))
        for row in session.deleted:
            self._tell(row, AuditOperation.DELETE, _whole(row), None)

    def _tell(self, row: Any, operation: AuditOperation, before: Any, after: Any) -> None:
        table = table_of(type(row))
        if is_tracked(table):
            place = {"table_name": table.name, "record_id": row.id, "operation": operation}
            self.entries.append(place | {"before": before, "after": after})


def _refuse_statement(asked: ORMExecuteState) -> None:
    """Only what is known to write nothing that has an audit, or to write that too, is executed."""
    if asked.is_select or asked.execution_options.get("audited"):
        return
    statement = asked.statement
    table = statement.table if isinstance(statement, UpdateBase) else None
    if not isinstance(table, Table) or is_tracked(table):
        raise RuntimeError(f"a statement would write past the audit: {statement}")


class GuardedSession(Session):
    """A session of the server's: what has an audit is written by a change of a unit of work, or not at all."""


@event.listens_for(GuardedSession, "before_flush")
def _refuse_flush(session: Session, *_: Any) -> None:
    if RECORDING not in session.info:
        for row in (*session.new, *session.dirty, *session.deleted):
            if is_tracked(table_of(type(row))) and _is_written(session, row):
                raise RuntimeError(f"{type(row).__name__} would be written past the audit")


event.listen(GuardedSession, "do_orm_execute", _refuse_statement)


def _is_written(session: Session, row: Any) -> bool:
    return row in session.new or row in session.deleted or session.is_modified(row)


def _shown(table: Table, name: str, value: Any) -> Any:
    return MASK if value is not None and name in secrets(table) else value


def _whole(row: Any) -> dict[str, Any]:
    table, state = table_of(type(row)), inspect(row)
    found = {name: state.dict[name] for name in content(table) if state.dict.get(name) is not None}
    return {name: _shown(table, name, value) for name, value in found.items()}


def _difference(row: Any, *, touched: bool) -> tuple[dict[str, Any], dict[str, Any]]:
    table, state = table_of(type(row)), inspect(row)
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for name in content(table):
        was, now = _change(state, name)
        if was is not _SAME:
            before[name], after[name] = _shown(table, name, was), _shown(table, name, now)
    if not after and not touched:
        raise RuntimeError(f"{table.name}: what the server counts is changed by a statement, not through the object")
    return before, after


_SAME = object()


def _change(state: InstanceState[Any], name: str) -> tuple[Any, Any]:
    history = state.attrs[name].history
    if not history.has_changes():
        return _SAME, _SAME
    if not history.deleted:
        raise RuntimeError(f"{state.class_.__name__}.{name} was changed without having been read")
    return history.deleted[0], history.added[0] if history.added else None
