"""The table of what is held about a person is whole: no table, column, id or neutral value is without its line."""

import pytest

from models import Base
from resolvers.privacy.held import HELD, NOBODYS
from resolvers.privacy.neutral import NEUTRAL
from resolvers.writing.content import STAMPS, is_tracked
from schema.node import identity, model_of


def test_every_table_has_a_line() -> None:
    assert HELD.keys() | NOBODYS.keys() == Base.metadata.tables.keys()
    assert HELD.keys() & NOBODYS.keys() == set()


@pytest.mark.parametrize("table", HELD)
def test_every_column_has_a_line(table: str) -> None:
    columns = {column.name for column in Base.metadata.tables[table].columns}
    assert columns - STAMPS == HELD[table].columns.keys()


@pytest.mark.parametrize("table", HELD)
def test_columns_can_become_what_the_table_says(table: str) -> None:
    for name, action in HELD[table].columns.items():
        column = Base.metadata.tables[table].columns[name]
        assert (action == "row") == HELD[table].goes, name
        assert action != "null" or column.nullable, name
        assert (column.computed is not None) == (action == "derived") or HELD[table].goes, name
        assert (action == "neutral") == ((table, name) in NEUTRAL), name


def test_whatever_points_to_a_person_is_a_persons() -> None:
    """A table with a column of a student, guardian or account is either held, or says why it is not."""
    people = {"student", "guardian"}
    pointing = {
        table.name
        for table in Base.metadata.tables.values()
        for key in table.foreign_keys
        if key.column.table.name in people
    }
    assert pointing <= HELD.keys()


@pytest.mark.parametrize("table", HELD)
def test_ids_are_spelled_as_clients_know_them(table: str) -> None:
    model, prefix = model_of(table), HELD[table].prefix
    if model is None or not is_tracked(Base.metadata.tables[table]):
        assert prefix is None
    else:
        assert identity(model).prefix == prefix
