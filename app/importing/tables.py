"""How a table of a package is described: its columns, what may stand in them, and its temporary table."""

from dataclasses import dataclass

from app.importing.values import SOURCED_ID, Kind, choice

STATUS = choice({"active": "active", "tobedeleted": "tobedeleted"}, extension="active")


@dataclass(frozen=True)
class Column:
    """`header`: the file must have the column; `filled`: a row that is not to be deleted must have a value in it."""

    name: str
    kind: Kind
    header: bool = False
    filled: bool = False
    also: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, *self.also)


@dataclass(frozen=True)
class Table:
    """A file of the package. `name` is as the standard writes it; `staged` is its temporary table.

    Where `sourced`, each row has a sourcedId and a status; `title` is the name of a file that is called otherwise.
    """

    name: str
    columns: tuple[Column, ...]
    sourced: bool = True
    title: str | None = None

    @property
    def file(self) -> str:
        return self.title or f"{self.name}.csv"

    @property
    def staged(self) -> str:
        return f"s_{self.name.lower()}"

    @property
    def all_columns(self) -> tuple[Column, ...]:
        own = (Column("sourcedId", SOURCED_ID, True, True), Column("status", STATUS)) if self.sourced else ()
        return (*own, *self.columns)


def must(name: str, kind: Kind, *also: str) -> Column:
    return Column(name, kind, header=True, filled=True, also=also)


def may(name: str, kind: Kind, *also: str) -> Column:
    return Column(name, kind, also=also)
