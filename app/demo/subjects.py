"""Subjects and in which classes they are taught, kinds of assessments, the scale of marks with its letters."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(eq=False)
class Subject:
    """`coefficient` is the weight in a class's average; `ease` shifts its marks."""

    name: str
    code: str
    coefficient: Decimal = Decimal(1)
    ease: float = 0.0
    id: int = 0


@dataclass(eq=False)
class Category:
    """A kind of assessment: `weight` in percent, `moments` when it is held, as shares of a semester's lesson days.

    `step` is the fineness of its marks in tenths; an exam states its own bounds.
    """

    name: str
    title: str
    weight: Decimal
    moments: tuple[float, ...]
    step: int
    exam: bool = False
    id: int = 0


@dataclass(eq=False)
class Band:
    letter: str
    lower_bound: Decimal
    points: Decimal
    id: int = 0


def make_subjects() -> dict[str, Subject]:
    """All subjects of a school, by code."""
    subjects = (
        Subject("English", "ENG"),
        Subject("Hindi", "HIN", ease=0.2),
        Subject("Mathematics", "MAT", Decimal(2), ease=-0.6),
        Subject("Environmental studies", "EVS", ease=0.5),
        Subject("Science", "SCI", Decimal("1.5")),
        Subject("Social science", "SST"),
        Subject("Computer science", "CSC", ease=0.4),
        Subject("Art", "ART", Decimal("0.5"), ease=1.2),
        Subject("Physics", "PHY", Decimal("1.5"), ease=-0.5),
        Subject("Chemistry", "CHE", Decimal("1.5"), ease=-0.3),
        Subject("Biology", "BIO", Decimal("1.5")),
        Subject("Accountancy", "ACC", Decimal("1.5"), ease=-0.2),
        Subject("Business studies", "BUS"),
        Subject("Economics", "ECO", Decimal("1.5"), ease=-0.1),
    )
    return {subject.code: subject for subject in subjects}


def subjects_of(level: int, section: int) -> tuple[str, ...]:
    """Codes of what a class is taught; in classes 11 and 12 every other section is for commerce."""
    if level <= 5:
        return ("ENG", "HIN", "MAT", "EVS", "ART")
    if level <= 10:
        return ("ENG", "HIN", "MAT", "SCI", "SST", "CSC")
    if section % 2:
        return ("ENG", "MAT", "ACC", "BUS", "ECO", "CSC")
    return ("ENG", "MAT", "PHY", "CHE", "BIO", "CSC")


def make_categories() -> tuple[Category, ...]:
    return (
        Category("Class test", "Class test", Decimal(20), (0.25, 0.6), 5),
        Category("Homework", "Homework", Decimal(10), (0.4,), 10),
        Category("Project", "Project", Decimal(20), (0.75,), 5),
        Category("Semester exam", "Semester exam", Decimal(50), (0.94,), 1, exam=True),
    )


def make_bands() -> tuple[Band, ...]:
    """Letters of the ten-point scale, from the lowest."""
    letters = (("E", 0), ("D", 3), ("C", 5), ("B2", 6), ("B1", 7), ("A2", 8), ("A1", 9))
    return tuple(Band(letter, Decimal(lower), Decimal(lower + 1 if lower else 0)) for letter, lower in letters)
