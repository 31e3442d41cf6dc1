"""Whose record a row is: what a read must be recorded for in the access log.

A student's record is the row of the student and every row that is about one student: whatever has a `student_id`, as a
column or as a computed value. Entries of the log are no part of it: reading them is recorded only where their students
are asked for. Each statement says how the students of its rows are found, and `Context.fetch` collects them: for a
whole statement at once, and nothing for a model that is about nobody.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Select

from models import Base, Student
from models.computed import declaration

# The name under which a statement carries whose record a row is, where that is not among the columns asked for.
STUDENT = "_student"
Subjects = Callable[[Sequence[Any], Mapping[str, Any]], Iterable[int | None]]


@cache
def subject(model: type[Base]) -> str | None:
    """The column of a model that holds the key of the student whose record a row is, or None."""
    if model is Student:
        return "id"
    if declaration(model, "student_id") is None:
        return None
    return "student_id"


def of_keys(rows: Sequence[Any], values: Mapping[str, Any]) -> Iterable[int | None]:
    """Of a relation that is found by the students' own keys."""
    keys: Iterable[int] = values["keys"]
    return keys if rows else ()


def of_rows(select: Select[Any], column: str | None, *, peeking: bool = False) -> Subjects | None:
    """Of each row, in this column of the answer; a page's statement reads one row more than is shown."""
    if column is None:
        return None
    student = itemgetter(select.selected_columns.keys().index(column))
    if peeking:
        return lambda rows, values: map(student, rows[: values["first"] - 1])
    return lambda rows, values: map(student, rows)


def of_pieces(place: int, *, peeking: bool = False) -> Subjects:
    """The same of rows that are written as text, in this piece of each."""

    def found(rows: Any, values: Mapping[str, Any]) -> Iterable[int]:
        shown = rows.column(place)
        return map(int, {*(shown[: values["first"] - 1] if peeking else shown)} - {""})

    return found
