"""Which groups are left out: by hand where they are few, and against an attack where chance makes them."""

import random
from collections import Counter
from typing import Any

import pytest

from resolvers.reports.suppression import shown_across, shown_along, totals
from tests.reports.attack import anything_worked_out, sums_worked_out

pytestmark = pytest.mark.any_database

Table = dict[tuple[Any, Any], int]


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        pytest.param({}, "", id="nobody"),
        pytest.param({"a": 4, "b": 5}, "", id="a small one takes the only other one along"),
        pytest.param({"a": 4}, "", id="all too few"),
        pytest.param({"a": 5, "b": 6}, "ab", id="none small"),
        pytest.param({"a": 5, "b": 0}, "a", id="an empty one"),
        pytest.param({"a": 4, "b": 9, "c": 7, "d": 8}, "bd", id="the smallest of the others goes along"),
        pytest.param({"a": 4, "b": 7, "c": 7}, "c", id="the first of equal ones"),
        pytest.param({"a": 2, "b": 3, "c": 5}, "c", id="enough small ones for themselves"),
    ],
)
def test_along_a_line(line: dict[str, int], shown: str) -> None:
    assert shown_along(line, 5) == set(shown)


def _table(text: str) -> Table:
    """Students by row and column; the first line are the columns."""
    columns, *rows = [line.split() for line in text.strip().splitlines()]
    return {(row[0], column): int(n) for row in rows for column, n in zip(columns, row[1:], strict=True)}


@pytest.mark.parametrize(
    ("table", "left_out"),
    [
        pytest.param("F M\n5 5 3\n6 6 4", "", id="nothing is small"),
        pytest.param("F M\n5 5 3\n6 6 1\n8 4 5", "5F 5M 6F 6M", id="a rectangle of large ones ties"),
        pytest.param("F M\n5 5 3\n6 6 1\n7 2 3\n8 4 5", "5F 5M 6F 6M 7F 7M", id="two small ones share their ties"),
        pytest.param("A B C\n5 1 9 4\n6 9 9 9\n7 3 8 9", "5A 5B 7A 7B", id="the smallest tie"),
        pytest.param("F M\n5 1 1", "5F 5M", id="all too few"),
        pytest.param("F M\n5 2 2\n6 9 9\n7 9 9", "5F 5M 6F 6M", id="a row of small ones takes another along"),
        pytest.param("A B C\n5 9 9 1\n6 9 9 1", "5A 5C 6A 6C", id="so does a column that is small itself"),
    ],
)
def test_across_two_lines(table: str, left_out: str) -> None:
    """Of groups of 3 students."""
    cells = _table(table)
    assert {"".join(cell) for cell in cells.keys() - shown_across(cells, 3)} == set(left_out.split())


def chance_table(chance: random.Random) -> Table:
    """Some groups empty, many small, and a few large ones."""
    rows, columns = chance.randint(1, 4), chance.randint(1, 4)
    sizes = chance.choice([(0, 1, 2), (0, 1, 2, 3, 4, 6, 9), (0, 0, 1, 5, 8), (1, 4, 5, 6, 7), (0, 2, 7, 12, 30)])
    return {(row, column): chance.choice(sizes) for row in range(rows) for column in range(columns)}


def _known(table: Table, shown: set[Any], k: int, cells: list[Any]) -> list[list[int]]:
    """What somebody knows who asks for the table, its lines and the total, and who knows of groups that are empty.

    But not of those in lines of which the table shows nothing: they are left out as one.
    """
    rows, columns = totals(table)
    along = [shown_along(rows, k), shown_along(columns, k)]
    open_lines = [{cell[side] for cell in shown} for side in (0, 1)]
    known = [[int(cell == one) for cell in cells] for one in shown]
    known += [[int(cell[side] == one) for cell in cells] for side in (0, 1) for one in along[side]]
    known += [[1] * len(cells)]
    empty = [one for one in cells if not table[one] and one[0] in open_lines[0] and one[1] in open_lines[1]]
    return known + [[int(cell == one) for cell in cells] for one in empty]


def _attack(table: Table, shown: set[Any], k: int, of: Any = sums_worked_out) -> list[Any]:
    cells = sorted(table)
    return list(of(_known(table, shown, k, cells), [table[cell] for cell in cells], k, range(len(cells))))


@pytest.mark.parametrize("k", [3, 5])
def test_no_sum_follows_of_fewer_than_k_students(k: int) -> None:
    chance, seen = random.Random(k), Counter[str]()
    for _ in range(250):
        table = chance_table(chance)
        if sum(table.values()) < k:
            continue
        shown = shown_across(table, k)

        assert all(table[cell] >= k for cell in shown)
        assert _attack(table, shown, k) == []
        seen["shown"] += bool(shown)
        seen["left out"] += any(0 < n < k for n in table.values())
    assert min(seen.values()) >= 10, seen


@pytest.mark.parametrize("k", [3, 5])
def test_nothing_follows_with_any_factors_where_every_line_is_shown_in_part(k: int) -> None:
    chance, seen = random.Random(k), 0
    for _ in range(100):
        rows, columns = chance.randint(4, 6), chance.randint(4, 6)
        table = {
            (row, column): chance.choice((1, 2, *range(5, 12))) for row in range(rows) for column in range(columns)
        }
        shown = shown_across(table, k)
        if all({cell[side] for cell in shown} == {cell[side] for cell in table} for side in (0, 1)):
            assert _attack(table, shown, k, anything_worked_out) == []
            seen += len(shown) < len(table)
    assert seen > 10


def test_the_attack_finds_what_follows_where_only_small_groups_are_left_out() -> None:
    chance, found = random.Random(3), 0
    for _ in range(30):
        table = chance_table(chance)
        found += bool(_attack(table, {cell for cell, n in table.items() if n >= 3}, 3))
    assert found > 5


@pytest.mark.parametrize("seed", range(3))
def test_as_few_large_groups_are_left_out_as_there_are_lines(seed: int) -> None:
    """In a table of a whole school, in which no line is too small."""
    chance = random.Random(seed)
    table = Counter((chance.randrange(12), chance.randrange(8)) for _ in range(900))
    shown = shown_across(table, 5)
    large = {cell for cell, n in table.items() if n >= 5}

    assert len(large - shown) < 12 + 8
    assert large - shown if len(large) < len(table) else not large - shown
