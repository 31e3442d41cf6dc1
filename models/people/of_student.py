"""Names of the student that a row is about, so that lists of marks and attendance can be sorted by them."""

from typing import Any

from sqlalchemy import ColumnElement, select

from models.computed import computed
from models.people.student import Student


def _of_student(row: Any, column: Any) -> ColumnElement[Any]:
    statement = select(column).where(Student.institution_id == row.institution_id, Student.id == row.student_id)
    return statement.correlate_except(Student).scalar_subquery()


class OfStudent:
    @computed("First name of the student")
    def student_first_name(self: Any) -> ColumnElement[Any]:
        return _of_student(self, Student.first_name)

    @computed("Last name of the student")
    def student_last_name(self: Any) -> ColumnElement[Any]:
        return _of_student(self, Student.last_name)
