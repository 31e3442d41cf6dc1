"""Which groups of a table may be shown, so that nothing is told of fewer than k students, by subtraction neither.

A table counts students along one line of groups (`shown_along`), or where two lines cross (`shown_across`). Every
student stands in one group of each line. The total of all, and the lines of a table across as tables of their own, are
taken to be known to whoever asks.

What is promised of a table, its lines and its total together: no sum follows of fewer than k students, whatever figures
are added and subtracted, even for somebody who knows which groups of the table are empty. Differences between two small
groups may follow, from the lines alone, where there are too few larger groups (3). How:

1. Along a line groups below k are left out. Where these are fewer than k students together, the smallest of the others
   is left out too, or the total less what is shown would tell of them.
2. Across, what a line leaves out is one group of it, REST. Groups below k are left out, and so are larger ones that
   tie: each left out ties the two lines that cross there, and the two lines of each group below k have to be tied by
   larger ones. Whatever is worked out gives every line a height, and counts a group left out by the difference of the
   heights of its lines. If it counted none of the larger ones, lines that they tie would have one height, and then it
   does not count the group below k either.
3. Where lines cannot be tied, since too few larger groups are there, one of them goes to REST, until they can be. No
   group of it is shown, so that a sum has all of the line in it, or what it has of the other lines in REST.

Larger groups tie as a spanning forest does, the smallest first: fewer are left out than there are lines.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from typing import Any

Cell = tuple[Any, Any]
# A line of a table across: its side, and the group that it is of.
Line = tuple[int, Hashable]
REST = ("rest",)


def _smallest_first(item: tuple[Any, int]) -> tuple[int, str]:
    """Always in the same order, so that what is left out is the same whenever somebody asks."""
    return item[1], repr(item[0])


def shown_along(students: Mapping[Any, int], k: int) -> set[Any]:
    """The groups of a line that may be shown; none where all of it is below k."""
    ranked = sorted(((group, n) for group, n in students.items() if n), key=_smallest_first)
    small = [n for _, n in ranked if n < k]
    left_out = len(small) + (0 < sum(small) < k)
    return {group for group, _ in ranked[left_out:]}


def shown_across(students: Mapping[Cell, int], k: int) -> set[Cell]:
    """The groups across two lines that may be shown; none where all of it is below k."""
    if sum(students.values()) < k:
        return set()
    stands = tuple(_standing(line, shown_along(line, k)) for line in totals(students))
    cells = _merged(students, stands)
    while loose := _loose(cells, k):
        _take_in(stands, cells, loose, k)
        cells = _merged(students, stands)
    hidden = {cell for cell, n in cells.items() if n < k} | _tying(cells, k)
    return {cell for cell, n in cells.items() if n and cell not in hidden and REST not in cell}


def totals(students: Mapping[Cell, int]) -> tuple[dict[Any, int], dict[Any, int]]:
    """The two lines of a table across."""
    found: tuple[dict[Any, int], dict[Any, int]] = defaultdict(int), defaultdict(int)
    for cell, n in students.items():
        for side in (0, 1):
            found[side][cell[side]] += n
    return found


def _standing(line: Iterable[Any], shown: set[Any]) -> dict[Any, Any]:
    """The group as which each group of a line stands across."""
    return {group: group if group in shown else REST for group in line}


def _merged(students: Mapping[Cell, int], stands: tuple[dict[Any, Any], ...]) -> dict[Cell, int]:
    found: dict[Cell, int] = defaultdict(int)
    for (row, column), n in students.items():
        if n:
            found[stands[0][row], stands[1][column]] += n
    return found


class _Ties:
    """Which lines are tied together, directly or by way of others."""

    def __init__(self, cells: Iterable[Cell] = ()) -> None:
        self._above: dict[Line, Line] = {}
        for cell in cells:
            self.tie(cell)

    def _top(self, line: Line) -> Line:
        while (above := self._above.get(line, line)) != line:
            line = above
        return line

    def holds(self, cell: Cell) -> bool:
        return self._top((0, cell[0])) == self._top((1, cell[1]))

    def tie(self, cell: Cell) -> bool:
        """Gives whether the lines were not tied before."""
        row, column = self._top((0, cell[0])), self._top((1, cell[1]))
        self._above[row] = column
        return row != column


def _loose(cells: Mapping[Cell, int], k: int) -> Cell | None:
    """A group below k whose lines cannot be tied."""
    ties = _Ties(cell for cell, n in cells.items() if n >= k)
    return min((cell for cell, n in cells.items() if n < k and not ties.holds(cell)), key=repr, default=None)


def _take_in(stands: tuple[dict[Any, Any], ...], cells: Mapping[Cell, int], loose: Cell, k: int) -> None:
    """Have one more line stand as REST, and a second one where it would be alone there.

    One of those that cross in `loose`, if it can be: without larger groups rather than with, and then the smaller one.
    """
    sums = totals(cells)
    large = {(side, cell[side]) for cell, n in cells.items() if n >= k for side in (0, 1)}

    def cost(line: Line) -> tuple[bool, int, str]:
        side, group = line
        return line in large, sums[side][group], repr(line)

    lines = [(side, group) for side in (0, 1) for group in sums[side] if group != REST and len(sums[side]) > 1]
    side, group = min((line for line in lines if loose[line[0]] == line[1]), key=cost, default=min(lines, key=cost))
    taken = {group}
    if REST not in sums[side]:
        taken.add(min((line for line in lines if line[0] == side and line[1] != group), key=cost)[1])
    stands[side].update({each: REST for each, now in stands[side].items() if now in taken})


def _tying(cells: Mapping[Cell, int], k: int) -> set[Cell]:
    """Larger groups that tie the two lines of every group below k; what REST leaves out anyway comes first."""
    ranked = sorted(cells.items(), key=lambda item: (REST not in item[0], *_smallest_first(item)))
    ties, near = _Ties(), defaultdict[Line, list[Cell]](list)
    for cell, n in ranked:
        if n >= k and ties.tie(cell):
            for side in (0, 1):
                near[side, cell[side]].append(cell)
    return {each for cell, n in cells.items() if n < k for each in _way(near, cell)}


def _way(near: Mapping[Line, list[Cell]], cell: Cell) -> Iterator[Cell]:
    """The groups of a forest by which one gets from one line of a group to its other one."""
    start, goal = (0, cell[0]), (1, cell[1])
    came: dict[Line, tuple[Line, Cell] | None] = {start: None}
    queue = [start]
    for line in queue:
        for tie in near.get(line, ()):
            other = (1 - line[0], tie[1 - line[0]])
            if other not in came:
                came[other] = line, tie
                queue.append(other)
    while (step := came[goal]) is not None:
        goal, tie = step
        yield tie
