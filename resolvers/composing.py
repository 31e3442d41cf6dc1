"""Several selects sent as one, whose single row has the rows of each.

A select may take its keys from the rows of others, so that what hangs below a record need not wait for the record:

    WITH p1 AS MATERIALIZED (SELECT … FROM enrollment WHERE student_id = ANY ($2) …)
    SELECT ARRAY(SELECT q FROM (SELECT … FROM student WHERE id = ANY ($1) …) AS q),
           ARRAY(SELECT q FROM p1 AS q),
           ARRAY(SELECT q FROM (SELECT … FROM course WHERE id = ANY (ARRAY(SELECT DISTINCT … FROM p1)) …) AS q)

Of rows that are written as text (`resolvers.texts`) the select of the rows is what others take keys from, and the text
is made of that.
"""

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache

from resolvers.rows import Row
from resolvers.statements import Statement

KEYS = "keys"
FIRST = "first"
PLACE = "_place"
_PARAMETER = re.compile(r"\$(\d+)")
_ROWS, _END = "\nFROM (", ") AS q"


@dataclass(frozen=True)
class Part:
    """A select; `sources` are the parts, by number, and their columns that its `keys` are: none where they are given.

    A part that others take keys from comes before them. `many`: each value of the columns is an array of keys.
    `peeking`: it reads one row more than is shown, of which no keys are taken. `once`: the rows may be many for a few
    keys, and each key is to be given once: a table that is read whole is compared with all of them, and LATERAL has
    rows for each.
    """

    statement: Statement
    sources: tuple[tuple[int, str], ...] = ()
    many: bool = False
    peeking: bool = False
    once: bool = False

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        """What has to be given."""
        names = self.statement.parameters
        return tuple(name for name in names if name != KEYS) if self.sources else names


@lru_cache(maxsize=256)
def composed(parts: tuple[Part, ...]) -> Statement:
    """The parts as one statement: its arguments are theirs in turn, its row has one array of records for each."""
    named = {number for part in parts for number, _ in part.sources}
    parameters: list[str] = []
    tables: dict[str, str] = {}
    columns = []
    for number, part in enumerate(parts):
        sql = _numbered(part, len(parameters))
        source = f"({sql})"
        if number in named:
            rows = sql.partition(_ROWS)[2].removesuffix(_END) if part.statement.layout else sql
            assert rows
            added = _tables(part, number, rows, len(parameters))
            tables |= added
            # What the part gives is made of all its rows, which come first.
            source = source.replace(f"({rows})", next(iter(added)))
        parameters += part.parameters
        columns.append(f"ARRAY(SELECT q FROM {source} AS q)")
    common = f"WITH {', '.join(f'{name} AS {table}' for name, table in tables.items())} " if tables else ""
    return Statement(f"{common}SELECT {', '.join(columns)}", tuple(parameters), Row, {})


@lru_cache(maxsize=256)
def accompanied(statement: Statement, parts: tuple[Part, ...]) -> Statement:
    """A statement with parts that take their keys from it, as part 0: its first row ends with an array for each.

    Its rows are numbered, as a table of rows has no order; the number is the column before those of the parts.
    """
    if not parts:
        return statement
    parameters = list(statement.parameters)
    columns = ["p0.*"]
    for part in parts:
        source = _numbered(part, len(parameters))
        columns.append(f"CASE {PLACE} WHEN 1 THEN ARRAY(SELECT q FROM ({source}) AS q) END")
        parameters += part.parameters
    table = f"SELECT q.*, row_number() OVER () AS {PLACE} FROM ({statement.sql}) AS q"
    sql = f"WITH p0 AS MATERIALIZED ({table}) SELECT {', '.join(columns)} FROM p0 ORDER BY {PLACE}"
    return Statement(sql, tuple(parameters), Row, {})


def _numbered(part: Part, before: int) -> str:
    """The part's SQL, its parameters numbered after those of the parts before it."""
    places, count = {}, before
    for place, name in enumerate(part.statement.parameters, 1):
        if name == KEYS and part.sources:
            places[place] = _keys(part)
        else:
            count += 1
            places[place] = f"${count}"
    return _PARAMETER.sub(lambda found: places[int(found[1])], part.statement.sql)


def _tables(part: Part, number: int, rows: str, before: int) -> dict[str, str]:
    """The rows of a part, and, as `p` and its number, those that others take their keys from."""
    if not part.peeking:
        return {f"p{number}": f"MATERIALIZED ({rows})"}
    first = f"${before + part.parameters.index(FIRST) + 1}::bigint"
    shown = f"SELECT * FROM a{number} LIMIT {first} - 1"
    return {f"a{number}": f"MATERIALIZED ({rows})", f"p{number}": f"NOT MATERIALIZED ({shown})"}


def _keys(part: Part) -> str:
    return f"ARRAY({' UNION '.join(_key(part, number, column) for number, column in part.sources)})"


def _key(part: Part, number: int, column: str) -> str:
    # A row's own key stands there once.
    once = "DISTINCT " if (part.many or part.once) and column != "id" else ""
    return f'SELECT {once}{"unnest" if part.many else ""}(p{number}."{column}") FROM p{number}'
