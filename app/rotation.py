"""Sealing anew with the current key, and indexing anew under the current key of the index, while the server serves.

Rows are taken in batches, each in a short transaction of its own, so that it can be stopped at any time and goes on
where it was. Nothing is waited for while a lock is held: a row that somebody else is changing is left for later and
then taken alone, so that this is never a part of a deadlock. Contents do not change, and so neither do version and
audit; the activity log says that it was done.
"""

import json
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import asyncpg

from app.importing.progress import Steps
from app.sealed_tables import OF_INSTITUTION, SealedTable, due, sealed_tables
from models import ActorKind
from resolvers.sealing import Place, Sealer, SealError, key_id_of
from resolvers.secret import Secret

BATCH = 200
NOTE = "INSERT INTO activity_log (institution_id, action, details, actor_kind) VALUES ($1, 'keys.rotate', $2, $3)"
Connection = Any
Key = tuple[int, int]


@dataclass
class Rotated:
    """Values by `table.column` that were sealed anew, indexes made anew, and what could not be done."""

    sealed: Counter[str] = field(default_factory=Counter)
    indexed: int = 0
    problems: list[str] = field(default_factory=list)

    def add(self, other: "Rotated") -> None:
        self.sealed.update(other.sealed)
        self.indexed += other.indexed
        self.problems += other.problems


class Rotation:
    """One run, as the owner of the tables; `institution_id` None is all of them."""

    def __init__(
        self, connection: Connection, sealer: Sealer, institution_id: int | None, *, batch: int = BATCH
    ) -> None:
        self.connection = connection
        self.sealer = sealer
        self.institution_id = institution_id
        self.batch = batch
        self.rotated = Rotated()
        self._noted: set[int] = set()

    async def run(self, steps: Steps) -> Rotated:
        for table in sealed_tables():
            condition = due(table, self.sealer)
            count = f"SELECT count(*) FROM {table.name} WHERE ({condition}) AND {OF_INSTITUTION.format(1)}"
            total = await self.connection.fetchval(count, self.institution_id)
            steps.begin(f"{table.name}: {total:,} records", total)
            busy: list[Key] = []
            async for keys in self._keys(table, condition):
                done = await self._batch(table, keys)
                busy += [key for key in keys if key not in done]
                steps.advance(len(done))
            for key in busy:
                await self._batch(table, [key], wait=True)
                steps.advance(1)
        return self.rotated

    async def _keys(self, table: SealedTable, condition: str) -> AsyncIterator[list[Key]]:
        """Keys of what is due, a batch at a time, by a position that only moves on."""
        after: Key = (0, 0)
        while True:
            rows = await self.connection.fetch(
                f"SELECT institution_id, id FROM {table.name} WHERE ({condition}) AND (institution_id, id) > ($1, $2)"
                f" AND {OF_INSTITUTION.format(3)} ORDER BY institution_id, id LIMIT $4",
                *after,
                self.institution_id,
                self.batch,
            )
            if not rows:
                return
            keys = [(row["institution_id"], row["id"]) for row in rows]
            yield keys
            after = keys[-1]

    async def _batch(self, table: SealedTable, keys: Sequence[Key], *, wait: bool = False) -> set[Key]:
        """The keys of those rows that could be had; all or none of their changes are made."""
        try:
            async with self.connection.transaction():
                return await self._reseal(table, keys, "" if wait else "SKIP LOCKED")
        except asyncpg.UniqueViolationError:
            return await self._apart(table, keys)

    async def _apart(self, table: SealedTable, keys: Sequence[Key]) -> set[Key]:
        """One by one, to find which two of them say the same."""
        if len(keys) > 1:
            for key in keys:
                await self._batch(table, [key], wait=True)
        else:
            ((institution_id, record),) = keys
            self.rotated.problems.append(
                f"{table.name} {record} of institution {institution_id}: another record has the same value"
            )
        return set(keys)

    async def _reseal(self, table: SealedTable, keys: Sequence[Key], locking: str) -> set[Key]:
        names = ", ".join(table.all_columns)
        rows = await self.connection.fetch(
            f"SELECT institution_id, id, {names} FROM {table.name} WHERE institution_id = ANY ($1) AND id = ANY ($2)"
            f" FOR NO KEY UPDATE {locking}",
            list({key[0] for key in keys}),
            [key[1] for key in keys],
        )
        found = Rotated()
        changed = [made for row in rows if (made := self._row(table, row, found)) is not None]
        if changed:
            await self.connection.executemany(table.update, changed)
            await self._note({row[0] for row in changed})
        self.rotated.add(found)
        return {(row["institution_id"], row["id"]) for row in rows}

    def _row(self, table: SealedTable, row: Any, found: Rotated) -> list[Any] | None:
        """The row's values as they are to be, in the order of the columns; None where it stays as it is."""
        values, own = dict(row), Rotated()
        try:
            for column, index in table.columns.items():
                if values[column] is not None:
                    self._value(table, values, column, index, own)
        except SealError as error:
            found.problems.append(str(error))
            return None
        found.add(own)
        return list(values.values()) if values != dict(row) else None

    def _value(
        self, table: SealedTable, values: dict[str, Any], column: str, index: str | None, found: Rotated
    ) -> None:
        place, record = Place(values["institution_id"], table.name, column), values["id"]
        text = self.sealer.open(place, record, values[column])
        if key_id_of(values[column]) != self.sealer.current:
            values[column] = self.sealer.seal(place, record, text)
            found.sealed[f"{table.name}.{column}"] += 1
        if index is not None:
            indexed = self.sealer.index(place._replace(column=index), Secret(text))
            found.indexed += indexed != values[index]
            values[index] = indexed

    async def _note(self, institutions: set[int]) -> None:
        """Once a run and institution, with its first rows."""
        details = json.dumps({"key": self.sealer.current})
        for institution_id in institutions - self._noted:
            await self.connection.execute(NOTE, institution_id, details, ActorKind.SYSTEM.value)
            self._noted.add(institution_id)
