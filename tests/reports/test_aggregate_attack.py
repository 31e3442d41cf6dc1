"""Whoever asks for every table there is, with every filter, cannot work out what is left out of any of them.

The unknowns are, for each dimension, the students of a level in a group of it. Every group of every answer says what a
sum of unknowns is; and those of a level are the same students in whichever dimension they are grouped.
"""

import itertools
from collections import Counter
from typing import Any

import pytest

from tests.conftest import Execute
from tests.reports.aggregate_asking import ASK, field, value
from tests.reports.aggregate_school import Grouped, pupils
from tests.reports.attack import sums_worked_out

pytestmark = pytest.mark.any_database

LEVEL = "GRADE_LEVEL"
# The dimensions that tell students of the sheet apart, and the value that each has of a student.
GROUPS: dict[str, Any] = {
    "GENDER": lambda pupil: pupil.gender.value,
    "SECTION": lambda pupil: pupil.section,
    "VILLAGE": lambda pupil: pupil.village,
    "NEEDS_CLOTHES": lambda pupil: pupil.clothes,
    "POVERTY_CARD": lambda pupil: pupil.card,
    "SCHOLARSHIP": lambda pupil: pupil.amount is not None,
}
Cell = tuple[str, str, Any]


def truth() -> Counter[Cell]:
    """Students by dimension, level and group of the dimension; also of those combinations that nobody is in."""
    found: Counter[Cell] = Counter()
    for by, value_of in GROUPS.items():
        values = {value_of(pupil) for pupil in pupils()}
        found.update({(by, level, each): 0 for level in "5678" for each in values})
        found.update((by, pupil.level, value_of(pupil)) for pupil in pupils())
    return found


def told(cells: list[Cell], by: list[str], group: dict[str, Any]) -> list[int]:
    """What a group of an answer is a sum of."""
    names = [each for each in by if each != LEVEL]
    dimension = names[0] if names else next(iter(GROUPS))
    level = value(group, LEVEL) if LEVEL in by else None
    wanted = value(group, dimension) if names else None
    return [
        int(cell[0] == dimension and level in (None, cell[1]) and (not names or cell[2] == wanted)) for cell in cells
    ]


def same_students(cells: list[Cell]) -> list[list[int]]:
    """For each level: what one dimension has of it less what the next one has is nothing."""
    return [
        [((cell[0] == one) - (cell[0] == other)) * (cell[1] == level) for cell in cells]
        for one, other in itertools.pairwise(GROUPS)
        for level in "5678"
    ]


async def everything(execute: Execute, grouped: Grouped, of: str) -> list[tuple[list[str], dict[str, Any]]]:
    """Each group of each answer: by every dimension, across the level either way round, and with filters by these."""
    tables = [[], [LEVEL], *([by] for by in GROUPS), *([LEVEL, by] for by in GROUPS), *([by, LEVEL] for by in GROUPS)]
    found: list[tuple[list[str], dict[str, Any]]] = []
    for by in tables:
        whole = (await execute(ASK, of=of, by=by)).found["aggregate"]
        found += [([], each) for each in whole["totals"]] + [(by, each) for each in whole["groups"]]
        for where in _filters(by):
            some = (await execute(ASK, of=of, by=by, where=where)).found["aggregate"]
            found += [(by, each) for each in some["groups"]]
            assert some["totals"] == whole["totals"]
            assert [each for each in whole["groups"] if each in some["groups"]] == some["groups"]
    return found


def _filters(by: list[str]) -> list[dict[str, Any]]:
    names = [each for each in by if each != LEVEL]
    values = {GROUPS[each](pupil) for each in names for pupil in pupils()}
    return [{field(each): {how: one}} for each in names for one in values for how in ("eq", "ne")]


@pytest.mark.parametrize("of", ["GRADES", "ENROLLMENTS"])
async def test_nothing_that_is_left_out_follows_from_all_answers_together(
    execute: Execute, grouped: Grouped, of: str
) -> None:
    weights = truth()
    cells = list(weights)
    answers = await everything(execute, grouped, of)
    known = [told(cells, by, group) for by, group in answers] + same_students(cells)
    places = [[n for n, cell in enumerate(cells) if cell[0] == by] for by in GROUPS]

    assert all(group["students"] >= 3 for _, group in answers)
    assert any(len(by) == 2 for by, _ in answers)
    assert [sums_worked_out(known, [weights[cell] for cell in cells], 3, place) for place in places] == [[]] * 6


@pytest.mark.parametrize("by", ["GENDER", "VILLAGE"])
async def test_the_attack_works_where_small_groups_alone_are_left_out(
    execute: Execute, grouped: Grouped, by: str
) -> None:
    weights = truth()
    cells = list(weights)
    known = [told(cells, of, group) for of, group in await everything(execute, grouped, "GRADES")] + same_students(
        cells
    )
    naive = [n for n, cell in enumerate(cells) if cell[0] == by and weights[cell] >= 3]
    known += [[int(n == one) for n in range(len(cells))] for one in naive]

    place = [n for n, cell in enumerate(cells) if cell[0] == by]
    assert sums_worked_out(known, [weights[cell] for cell in cells], 3, place) != []
