"""`who_sees_what.csv`, and what it says about the rows of a school: worked out here from plain rows, row by row.

A line of a type says by role which of its rows are seen; a line of a field whether its value is shown: `yes`, `no`, or
`own`, which is on the viewer's own account alone.
"""

import csv
from collections.abc import Callable
from functools import cache
from pathlib import Path

import models
from models import Base, Course, Role, Student, User
from tests.access.schools import Line, Persona, School
from tests.schema_map import entities, type_of

PATH = Path(__file__).parent / "who_sees_what.csv"
Test = Callable[[Line], bool]
# What somebody without a role sees: what everybody sees.
NO_ROLE = "no role"


@cache
def sheet() -> dict[str, dict[str, str]]:
    """The cells by line and role."""
    with PATH.open(newline="") as file:
        lines = list(csv.DictReader(file))
    found = {line.pop("type.field"): line for line in lines}
    assert len(found) == len(lines), "a line comes twice"
    assert all(set(line) == {role.value for role in Role} for line in found.values())
    return found


def cell(line: str, role: str) -> str:
    if role != NO_ROLE:
        return sheet()[line][role]
    if "." in line:
        return "yes"
    return (
        "all"
        if set(sheet()[line].values()) == {"all"}
        else "self"
        if line in ("User", "UserRole", "Session")
        else sheet()[line]["STUDENT"]
        if line == "StoredFile"
        else "none"
    )


def roles_of(persona: Persona) -> list[str]:
    return sorted(role.value for role in persona.roles) or [NO_ROLE]


class Eyes:
    """Whose rows are whose, for one user of one school."""

    def __init__(self, school: School, user: int) -> None:
        self.school = school
        self.user = user

    def keys(self, model: type[Base], column: str, holds: Test) -> set[int]:
        return {row[column] for row in self.school.of(model, holds)}

    def courses(self, role: str) -> set[int]:
        if role == "TEACHER":
            in_use = self.keys(Course, "id", lambda row: row["deleted_at"] is None)
            return in_use & self.keys(models.CourseTeacher, "course_id", lambda row: row["user_id"] == self.user)
        students = self.students(role)
        return self.keys(models.Enrollment, "course_id", lambda row: row["student_id"] in students)

    def students(self, role: str) -> set[int]:
        if role == "TEACHER":
            courses = self.courses(role)
            return self.keys(models.Enrollment, "student_id", lambda row: row["course_id"] in courses)
        in_use = self.keys(Student, "id", lambda row: row["deleted_at"] is None)
        if role == "STUDENT":
            return in_use & self.keys(Student, "id", lambda row: row["user_id"] == self.user)
        links = self.links()
        return self.keys(models.StudentGuardian, "student_id", lambda row: row["id"] in links)

    def guardian(self) -> set[int]:
        mine: Test = lambda row: row["user_id"] == self.user and row["deleted_at"] is None  # noqa: E731
        return self.keys(models.Guardian, "id", mine)

    def links(self) -> set[int]:
        """Own links to children in use whose records are open and to whom contact is not restricted."""
        guardian = self.guardian()
        in_use = self.keys(Student, "id", lambda row: row["deleted_at"] is None)
        return self.keys(
            models.StudentGuardian,
            "id",
            lambda row: (
                row["guardian_id"] in guardian
                and row["student_id"] in in_use
                and row["may_access_records"]
                and row["contact_restriction"] is None
            ),
        )

    def guardians(self, role: str) -> set[int]:
        students = self.students(role)
        return self.keys(models.StudentGuardian, "guardian_id", lambda row: row["student_id"] in students)

    def teachers(self, role: str) -> set[int]:
        courses = self.courses(role)
        return self.keys(models.CourseTeacher, "user_id", lambda row: row["course_id"] in courses)

    def pictures(self, role: str) -> set[int]:
        columns = (Student, "photo_id"), (User, "photo_id"), (models.SchoolProfile, "logo_id")
        return set().union(*(self.keys(model, column, self.test(model, role)) for model, column in columns))

    def test(self, model: type[Base], role: str) -> Test:
        """Which rows the role sees, as the sheet says."""
        phrase = cell(type_of(model), role)
        return self.simple(model, role, phrase) or self.related(model, role, phrase)

    def simple(self, model: type[Base], role: str, phrase: str) -> Test | None:
        column = "user_id" if "user_id" in model.__table__.columns and model is not models.CourseTeacher else "id"
        match phrase:
            case "all":
                return lambda row: True
            case "none":
                return lambda row: False
            case "self" if model is User:
                return lambda row: row["id"] == self.user and row["deleted_at"] is None
            case "self" if column == "user_id":
                return lambda row: row["user_id"] == self.user and row.get("deleted_at") is None
        return None

    def related(self, model: type[Base], role: str, phrase: str) -> Test:
        student = "id" if model is Student else "student_id"
        course = "id" if model is Course else "course_id"
        match phrase:
            case "own courses" | "courses of own children" | "attended courses":
                courses = self.courses(role)
                return lambda row: row[course] in courses
            case "own students" | "own children" | "self":
                students = self.students(role)
                return lambda row: row[student] in students
            case "own students in own courses":
                courses, students = self.courses(role), self.students(role)
                return lambda row: row[course] in courses and row[student] in students
            case "published ones of own children" | "own published ones":
                students = self.students(role)
                return lambda row: row["student_id"] in students and row["state"] == "PUBLISHED"
            case "on cards of own courses":
                courses = self.courses(role)
                cards = self.keys(models.ReportCard, "id", lambda row: row["course_id"] in courses)
                return lambda row: row["report_card_id"] in cards
            case "links to own children":
                links = self.links()
                return lambda row: row["id"] in links
            case "guardians of own students" | "own guardians":
                guardians = self.guardians(role)
                return lambda row: row["id"] in guardians
            case "self and teachers of own courses" | "self and teachers of own children" | "self and own teachers":
                people = self.teachers(role) | {self.user}
                return lambda row: row["id"] in people
            case "photos of whom they see and the logo":
                pictures = self.pictures(role)
                return lambda row: row["id"] in pictures
        raise ValueError(f"{type_of(model)}: {phrase!r} is not known")


class Sight:
    """What a persona sees of a school: rows, and values on them, by the ids of the API."""

    def __init__(self, school: School, persona: Persona) -> None:
        eyes = Eyes(school, school.user(persona))
        self.me = school.gid(User, {"id": school.user(persona)})
        self.seen: dict[str, dict[str, set[str]]] = {role: {} for role in roles_of(persona)}
        for role, by_type in self.seen.items():
            for model in entities():
                test = eyes.test(model, role)
                by_type[type_of(model)] = {school.gid(model, row) for row in school.of(model, test)}

    def row(self, kind: str, key: str) -> bool:
        return any(key in by_type[kind] for by_type in self.seen.values())

    def rows(self, kind: str) -> set[str]:
        return set().union(*(by_type[kind] for by_type in self.seen.values()))

    def value(self, kind: str, name: str, key: str) -> bool:
        """Whether a field's value is shown on a row."""
        for role, by_type in self.seen.items():
            said = cell(f"{kind}.{name}", role)
            if key in by_type[kind] and (said == "yes" or (said == "own" and key == self.me)):
                return True
        return False


def any_rows(kind: str, persona: Persona) -> bool:
    """Whether there may be rows of a type that the persona sees."""
    return any(cell(kind, role) != "none" for role in roles_of(persona))


def always(kind: str, name: str, persona: Persona) -> bool:
    """Whether a value is shown on every row of a type that the persona sees: by the sheet alone, not by rows."""
    seeing = [role for role in roles_of(persona) if cell(kind, role) != "none"]
    shown = [role for role in seeing if cell(f"{kind}.{name}", role) == "yes"]
    return bool(shown) and (shown == seeing or any(cell(kind, role) == "all" for role in shown))
