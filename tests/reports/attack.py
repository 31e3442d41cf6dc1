"""Working out by subtraction what a table leaves out: linear algebra over all that is known.

Numbers are those of a prime field, in which what depends linearly on each other over the rationals does so too.
"""

import itertools
from collections.abc import Iterable, Iterator, Sequence

PRIME = 2**61 - 1
Vector = list[int]


def reduced(rows: Iterable[Sequence[int]]) -> dict[int, Vector]:
    """The reduced echelon form of rows, by the column of each one's leading 1."""
    found: dict[int, Vector] = {}
    for given in rows:
        row = [each % PRIME for each in given]
        for lead, other in found.items():
            if row[lead]:
                row = _less(row, other, row[lead])
        first = next((n for n, each in enumerate(row) if each), None)
        if first is not None:
            inverse = pow(row[first], -1, PRIME)
            row = [each * inverse % PRIME for each in row]
            found = {lead: _less(other, row, other[first]) for lead, other in found.items()} | {first: row}
    return found


def _less(row: Vector, other: Vector, times: int) -> Vector:
    return [(one - times * two) % PRIME for one, two in zip(row, other, strict=True)] if times else row


def left_open(known: Iterable[Sequence[int]], columns: int) -> list[Vector]:
    """For each unknown how it may still differ from the truth: one number a direction in which all may move at once."""
    form = reduced(known)
    free = [n for n in range(columns) if n not in form]
    moves: list[Vector] = []
    for unknown in range(columns):
        own = [1 if unknown == n else 0 for n in free]
        moves.append([-form[unknown][n] % PRIME for n in free] if unknown in form else own)
    return moves


def _summed(moves: Sequence[Vector], part: Iterable[int]) -> tuple[int, ...]:
    rows = [moves[n] for n in part]
    return tuple(sum(column) % PRIME for column in zip(*rows, strict=True)) if rows else (0,) * len(moves[0])


def _small(some: Iterable[int], weights: Sequence[int], k: int) -> Iterator[tuple[int, ...]]:
    """Unknowns that have students, fewer than k together."""
    small = [n for n in some if 0 < weights[n] < k]
    parts = itertools.chain.from_iterable(itertools.combinations(small, size) for size in range(1, k))
    return (part for part in parts if sum(weights[n] for n in part) < k)


def sums_worked_out(
    known: Iterable[Sequence[int]], weights: Sequence[int], k: int, some: Sequence[int]
) -> list[tuple[int, ...]]:
    """Unknowns among `some`, of fewer than k students together, whose sum follows from what is known.

    `weights` are the students of each unknown. Unknowns of no student may be in the sum too: nobody knows that they are
    empty.
    """
    moves = left_open(known, len(weights))
    empty = [n for n in some if not weights[n] and any(moves[n])]
    assert len(empty) <= 12, "too many to try"
    sets = itertools.chain.from_iterable(itertools.combinations(empty, size) for size in range(len(empty) + 1))
    of_nobody = {tuple(-each % PRIME for each in _summed(moves, part)) for part in sets}
    return [part for part in _small(some, weights, k) if _summed(moves, part) in of_nobody]


def anything_worked_out(
    known: Iterable[Sequence[int]], weights: Sequence[int], k: int, some: Sequence[int]
) -> list[tuple[int, ...]]:
    """The same, for sums with whatever factors of the unknowns that have students, such as differences."""
    moves = left_open(known, len(weights))
    return [part for part in _small(some, weights, k) if len(reduced(moves[n] for n in part)) < len(part)]
