"""Inputs as functions get them: what is absent stays away, ids are keys, and paths are the client's."""

import datetime

import pytest
import strawberry
from strawberry import UNSET, Some

import models
from resolvers.errors import Invalid
from schema.inputs import key, optional, plain
from schema.node import Key

pytestmark = pytest.mark.any_database


@strawberry.input
class MarkInput:
    student_id: strawberry.ID = key(models.Student, "A student.")
    score: int = 1


@strawberry.input
class SheetInput:
    attendance: strawberry.ID | None = key(models.Attendance, "A mark.", default=None)
    note: strawberry.Maybe[str | None] = strawberry.field(description="A note.")
    title: str | None = optional("A title.")
    all_students: list[strawberry.ID] = key(models.Student, "Students.", default_factory=list)
    new_marks: list[MarkInput] = strawberry.field(description="Marks.", default_factory=list)


def test_what_is_absent_stays_away() -> None:
    assert plain(SheetInput(note=None)) == {"attendance": None, "all_students": [], "new_marks": []}
    assert plain(SheetInput(note=Some(None), title=UNSET))["note"] is None
    assert "title" not in plain(SheetInput(note=None, title=None))
    assert plain(SheetInput(note=Some("x"), title="y")).items() >= {"note": "x", "title": "y"}.items()


def test_ids_are_keys_on_every_level() -> None:
    ids = [strawberry.ID("stu_1"), strawberry.ID("stu_2")]
    given = SheetInput(
        note=None,
        attendance=strawberry.ID("att_20250901_7"),
        all_students=ids,
        new_marks=[MarkInput(student_id=ids[1], score=5)],
    )
    assert plain(given) == {
        "attendance": Key(models.Attendance, 7, datetime.date(2025, 9, 1)),
        "all_students": [1, 2],
        "new_marks": [{"student_id": 2, "score": 5}],
    }


@pytest.mark.parametrize(
    ("given", "path"),
    [
        (SheetInput(note=None, attendance=strawberry.ID("stu_1")), "attendance"),
        (SheetInput(note=None, all_students=[strawberry.ID("stu_1"), strawberry.ID("x")]), "allStudents.1"),
        (SheetInput(note=None, new_marks=[MarkInput(student_id=strawberry.ID("usr_1"))]), "newMarks.0.studentId"),
    ],
)
def test_a_wrong_id_is_named_by_its_path(given: SheetInput, path: str) -> None:
    with pytest.raises(Invalid) as refused:
        plain(given)
    assert refused.value.field == path
