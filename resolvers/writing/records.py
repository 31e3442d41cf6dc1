"""Plain records: how a row of whichever entity is added, changed, retired, brought back and deleted.

    SEMESTERS = Records(Semester, rules=_rules)

is all that mutations need: `SEMESTERS.create`, `.update`, `.delete`, and `.retire`, `.restore` where rows are retired.
Values are those of the input: a reference is under its field's name, `school_year` for the column `school_year_id`.

They check that texts and numbers fit, that what is referred to exists, is in the viewer's sight and in use, and that
nobody has changed the row since; all errors of fields are told at once. The entity's own hooks come after that, and add
what they find to `checks`, with the row as it will be:

    `rules`    before it is written, also where it is brought back
    `leaving`  before it is retired or deleted

A mutation of several records opens its change itself, and puts `add`, `find`, `alter` and `remove` together. Where all
of them are to be checked before the first is written, `make` and `write` do what `add` does in two steps.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar

from sqlalchemy import ForeignKeyConstraint, inspect

from models import Base
from models.base import Record
from resolvers.checking import check_values, tidied
from resolvers.context import Context
from resolvers.errors import Checks
from resolvers.unit_of_work import Change, in_use
from resolvers.writing.content import column_of, field_of, table_of
from resolvers.writing.references import remove_dependents, unused

R = TypeVar("R", bound=Record)
Hook = Callable[[Change, R, Checks], Awaitable[None]]


async def _nothing(_: Change, __: Any, ___: Checks) -> None:
    return None


def was(row: Base, name: str) -> Any:
    """The value that a row has in the database while another waits to be written; None for a new row."""
    state = inspect(row)
    if not state.persistent:
        return None
    changed = state.attrs[name].history.deleted
    return changed[0] if changed else getattr(row, name)


def changes(row: Base, *names: str) -> bool:
    """Whether one of the columns waits to be written with another value; it does in a new row."""
    return not inspect(row).persistent or any(was(row, name) != getattr(row, name) for name in names)


def references(model: type[Base]) -> Mapping[str, type[Base]]:
    """Columns that name another row by its id, each with the model of that row."""
    models = {table_of(mapper.class_): mapper.class_ for mapper in Base.registry.mappers}
    found: dict[str, type[Base]] = {}
    for key in table_of(model).constraints:
        if isinstance(key, ForeignKeyConstraint) and [each.column.name for each in key.elements][1:] == ["id"]:
            found[key.column_keys[1]] = models[key.referred_table]
    return found


@dataclass(frozen=True)
class Records(Generic[R]):
    """Writes rows of a model, with the rules of its entity."""

    model: type[R]
    rules: Hook[R] = _nothing
    leaving: Hook[R] = _nothing

    @cached_property
    def name(self) -> str:
        """What actions and events call it: `school_year`."""
        return "".join(f"_{c.lower()}" if c.isupper() else c for c in self.model.__name__).lstrip("_")

    @cached_property
    def _references(self) -> Mapping[str, type[Base]]:
        return references(self.model)

    async def create(self, context: Context, **values: Any) -> int:
        """Add a row; gives its key."""
        async with context.change(f"{self.name}.create") as change:
            row = await self.add(change, values)
            change.details["id"] = row.id
        return row.id

    async def update(self, context: Context, *, id: int, version: int, **values: Any) -> int:
        """Change what is given; gives the key. Where all of it is so already, nothing is written."""
        async with context.change(f"{self.name}.update", id=id) as change:
            row = await self.find(change, id, version)
            if not await self.alter(change, row, values):
                change.withdraw()
        return id

    async def delete(self, context: Context, *, id: int, version: int) -> None:
        """Remove a row to which nothing refers."""
        async with context.change(f"{self.name}.delete", id=id) as change:
            await self.remove(change, await change.one(self.model, id, version=version))

    async def retire(self, context: Context, *, id: int, version: int) -> int:
        """Take a row out of use: it leaves all lists and unique keys, and can be brought back."""
        async with context.change(f"{self.name}.retire", id=id) as change:
            row: Any = await change.one(self.model, id, version=version)
            if row.deleted_at is None:
                await self._pass(self.leaving, change, row)
                row.deleted_at = change.author.at
                await self._write(change, row, "retire")
            else:
                change.withdraw()
        return id

    async def restore(self, context: Context, *, id: int, version: int) -> int:
        """Bring a retired row back, if the rules let it in beside those of today."""
        async with context.change(f"{self.name}.restore", id=id) as change:
            row: Any = await change.one(self.model, id, version=version)
            if row.deleted_at is None:
                change.withdraw()
            else:
                row.deleted_at = None
                await self._pass(self.rules, change, row)
                await self._write(change, row, "restore")
        return id

    async def find(self, change: Change, key: int, version: int | None, *, field: str = "id") -> R:
        """A row in use, to be changed. Raises NotFound, Conflict on another version, Invalid where it is retired."""
        return in_use(await change.one(self.model, key, version=version, field=field), field=field)

    async def add(self, change: Change, values: Mapping[str, Any]) -> R:
        """A new row, written. What is left to the database's defaults is None until then, also for the rules."""
        row = await self.make(change, values)
        await self.write(change, row)
        return row

    async def make(self, change: Change, values: Mapping[str, Any], **known: Any) -> R:
        """A new row that has passed all checks and is not written yet; `known` are columns that need none."""
        row = self.model(institution_id=change.institution_id, **known, **await self._checked(change, values))
        await self._pass(self.rules, change, row)
        return row

    async def write(self, change: Change, row: R) -> None:
        """Write a row of `make`."""
        change.session.add(row)
        await self._write(change, row, "create")

    async def alter(self, change: Change, row: R, values: Mapping[str, Any]) -> bool:
        """Set and write what differs; gives whether anything did."""
        for name, value in (await self._checked(change, values)).items():
            setattr(row, name, value)
        if not change.session.is_modified(row):
            return False
        await self._pass(self.rules, change, row)
        await self._write(change, row, "update")
        return True

    async def remove(self, change: Change, row: R) -> None:
        """Delete a row with its links; raises Conflict where something else refers to it."""
        await self._pass(self.leaving, change, row)
        await unused(change, row)
        await remove_dependents(change, row)
        await change.session.delete(row)
        await self._write(change, row, "delete")

    async def _checked(self, change: Change, values: Mapping[str, Any]) -> dict[str, Any]:
        """The values by column."""
        columns = table_of(self.model).columns
        found = {column_of(self.model, name).name: value for name, value in tidied(values).items()}
        checks = Checks()
        check_values(self.model, found, checks)
        for name, value in found.items():
            if name in self._references and value is not None:
                with checks:
                    await change.seen(self._references[name], value, field=field_of(columns[name]))
        checks.done()
        return found

    async def _pass(self, hook: Hook[R], change: Change, row: R) -> None:
        checks = Checks()
        # What is not known to be right yet must not be written by a question of the rules.
        with change.session.no_autoflush:
            await hook(change, row, checks)
        checks.done()

    async def _write(self, change: Change, row: R, action: str) -> None:
        await change.session.flush()
        change.publish(self.name, row.id, {"action": action, "id": row.id})
