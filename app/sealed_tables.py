"""Where sealed values stand, by the models, and how many there are under each key."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from models import Base
from models.computed import Sealed
from resolvers.sealing import Place, Sealer, SealError, header
from resolvers.secret import Secret

# Of one institution, or where none is named of all.
OF_INSTITUTION = "institution_id = coalesce(${}, institution_id)"
ROWS_AT_ONCE = 1000
CURRENT, FORMER, NEITHER = "the current key", "the former key", "neither key"


@dataclass(frozen=True)
class SealedTable:
    """`columns` are the sealed ones, each with the column of its keyed hash where it has one."""

    name: str
    columns: dict[str, str | None]

    @property
    def all_columns(self) -> list[str]:
        return [*self.columns, *(index for index in self.columns.values() if index)]

    @property
    def update(self) -> str:
        """Takes the institution, the key and the values of `all_columns`."""
        values = ", ".join(f"{name} = ${n}" for n, name in enumerate(self.all_columns, 3))
        return f"UPDATE {self.name} SET {values} WHERE institution_id = $1 AND id = $2"


def sealed_tables() -> list[SealedTable]:
    found = []
    for mapper in Base.registry.mappers:
        declared = [each for base in mapper.class_.__mro__ for each in vars(base).values() if isinstance(each, Sealed)]
        if declared:
            columns = {each.column: each.index for each in sorted(declared, key=lambda each: each.column)}
            found.append(SealedTable(mapper.class_.__tablename__, columns))
    return sorted(found, key=lambda table: table.name)


def due(table: SealedTable, sealer: Sealer) -> str:
    """The SQL of the rows that a rotation looks at; the header has no character that SQL would take for its own.

    While the index is made anew, that is all that have one: a hash does not tell its key.
    """
    current = f"'\\x{header(sealer.current).hex()}'::bytea"
    parts = [f"substring({column} for 3) <> {current}" for column in table.columns]
    if sealer.indexing_anew:
        parts += [f"{index} IS NOT NULL" for index in table.columns.values() if index]
    return " OR ".join(parts)


@dataclass(frozen=True)
class InUse:
    """How many values of a column were sealed with a key."""

    table: str
    column: str
    key_id: int
    count: int


async def keys_in_use(connection: Any, institution_id: int | None) -> list[InUse]:
    """By table, column and key; as the owner, over all institutions where none is named."""
    found = []
    for table in sealed_tables():
        for column in table.columns:
            rows = await connection.fetch(
                f"SELECT get_byte({column}, 1) * 256 + get_byte({column}, 2) AS key_id, count(*) AS count"
                f" FROM {table.name} WHERE {column} IS NOT NULL AND {OF_INSTITUTION.format(1)}"
                " GROUP BY 1 ORDER BY 1",
                institution_id,
            )
            found += [InUse(table.name, column, row["key_id"], row["count"]) for row in rows]
    return found


async def indexed(connection: Any, sealer: Sealer, institution_id: int | None) -> Counter[str]:
    """How many hashes were made with the current key of the index, with the former one, or with neither.

    Each value has to be opened for it. Raises SealError where one cannot be.
    """
    found: Counter[str] = Counter()
    for table in sealed_tables():
        for column, index in table.columns.items():
            if index is not None:
                query = _values(table, column, index) + f" AND {OF_INSTITUTION.format(1)}"
                async with connection.transaction(readonly=True):
                    async for row in connection.cursor(query, institution_id, prefetch=ROWS_AT_ONCE):
                        found[_open(sealer, table, column, index, row)] += 1
    return found


async def samples(connection: Any, sealer: Sealer) -> list[str]:
    """What is wrong with one value of each column: enough to tell keys that are not those of the database."""
    wrong: list[str] = []
    for table in sealed_tables():
        for column, index in table.columns.items():
            row = await connection.fetchrow(_values(table, column, index) + " ORDER BY institution_id, id LIMIT 1")
            try:
                if row is not None and _open(sealer, table, column, index, row) == NEITHER:
                    wrong.append(f"{table.name}.{index} was not made with the key of the blind index that is given")
            except SealError as error:
                wrong.append(str(error))
    return wrong


def _values(table: SealedTable, column: str, index: str | None) -> str:
    return (
        f"SELECT institution_id, id, {column} AS sealed, {index or 'NULL'} AS index FROM {table.name}"
        f" WHERE {column} IS NOT NULL"
    )


def _open(sealer: Sealer, table: SealedTable, column: str, index: str | None, row: Any) -> str:
    """Which key of the index the value stands under; raises SealError where it cannot be opened."""
    place = Place(row["institution_id"], table.name, column)
    text = sealer.open(place, row["id"], row["sealed"])
    if index is None:
        return CURRENT
    known = sealer.indexes(place._replace(column=index), Secret(text))
    return dict(zip(known, (CURRENT, FORMER), strict=False)).get(row["index"], NEITHER)
