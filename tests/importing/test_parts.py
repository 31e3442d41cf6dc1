"""The parts of an import that need no database."""

import datetime
from decimal import Decimal
from typing import Any

import pytest

from app.importing.diagnostics import Findings, error
from app.importing.grade_levels import placed
from app.importing.oneroster_orgs import Org, code_of, read_schools
from app.importing.oneroster_scales import Scale, read_scale
from app.importing.oneroster_sessions import Session, period_code, read_sessions, year_code
from app.importing.values import (
    BOOLEAN,
    DATE,
    GRADE,
    IDENTIFIERS,
    PHONE_NUMBER,
    Doubtful,
    Kind,
    Refused,
    choice,
    number,
    text,
)
from models import CalendarDayKind
from resolvers.academics.calendar import ordinary_days
from resolvers.people.student_numbers import student_number

pytestmark = pytest.mark.any_database

D = datetime.date


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        (DATE, "2024-02-29", D(2024, 2, 29)),
        (DATE, "2024-02-29T23:59:00.000-08:00", D(2024, 2, 29)),
        (BOOLEAN, "TRUE", True),
        (BOOLEAN, "0", False),
        (number(), "15.50", Decimal("15.5")),
        (number(), "-0.0001", Decimal("-0.0001")),
        (GRADE, "09", "9"),
        (GRADE, "00", "0"),
        (GRADE, "kg", "KG"),
        (PHONE_NUMBER, "+351 (266) 000-001", "+351 (266) 000-001"),
        (IDENTIFIERS, "{LDAP:asha},{Ministry:77}", ["LDAP:asha", "Ministry:77"]),
        (choice({"fully graded": "F"}, extension=None), "FullyGraded", "F"),
    ],
)
def test_a_cell_becomes_a_value(kind: Kind, cell: str, value: Any) -> None:
    assert kind.parse(cell) == value


@pytest.mark.parametrize(
    ("kind", "cell", "code"),
    [
        (DATE, "20240229", "date"),
        (DATE, "2024-W09-4", "date"),
        (DATE, "2023-02-29", "date"),
        (DATE, "1899-12-31", "date"),
        (BOOLEAN, "ja", "boolean"),
        (number(), "1e3", "number"),
        (number(), "NaN", "number"),
        (number(), "٣", "number"),
        (number(), "123456", "number"),
        (number(lowest=Decimal(0)), "-0.5", "number"),
        (text(3), "abcd", "too_long"),
        (GRADE, "x" * 21, "too_long"),
        (choice({"a": "A"}, extension="O"), "b", "enum"),
    ],
)
def test_a_wrong_cell_is_refused(kind: Kind, cell: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        kind.parse(cell)
    assert (refused.value.code, isinstance(refused.value, Doubtful)) == (code, False)


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        (choice({"a": "A"}, extension="O"), "ext:b", "O"),
        (PHONE_NUMBER, "ask at home", None),
        (IDENTIFIERS, "{LDAP:asha},nonsense", ["LDAP:asha"]),
    ],
)
def test_an_odd_cell_is_passed_over(kind: Kind, cell: str, value: Any) -> None:
    with pytest.raises(Doubtful) as doubt:
        kind.parse(cell)
    assert doubt.value.value == value


def test_a_diagnostic_shows_eighty_characters_of_a_value() -> None:
    assert error("too_long", "…", value="x" * 500).value == "x" * 79 + "…"
    assert error("too_long", "…", value="x" * 80).value == "x" * 80


@pytest.mark.parametrize(
    ("identifier", "name", "source", "code"),
    [
        ("gp", "Gabriel Pereira", "1", "GP"),
        ("lycée-75/1", "Lycée", "1", "LYCEE751"),
        ("7", "Escola Básica", "1", "ESCOLABASICA"),
        (None, "学校", "a1b2", "A1B2"),
        ("X" * 21, "A very long name of a school", "1", "AVERYLONGNAMEOFASCHO"),
        (None, "校", "学", "SCHOOL"),
    ],
)
def test_a_school_gets_a_code(identifier: str | None, name: str, source: str, code: str) -> None:
    assert code_of(identifier, name, source) == code


def test_schools_of_one_identifier_get_codes_of_their_own_and_departments_belong_to_theirs() -> None:
    orgs = [
        Org(2, "d", "District", "district", None, None),
        Org(3, "a", "A", "school", "HIGH", "d"),
        Org(4, "b", "B", "school", "HIGH", "d"),
        Org(5, "m", "Mathematics", "department", None, "b"),
    ]
    schools, belongs = read_schools(orgs, Findings())
    assert [(school.source, school.code) for school in schools] == [("a", "HIGH"), ("b", "HIGH2")]
    assert belongs == {"a": "a", "b": "b", "m": "b"}


def session(line: int, source: str, kind: str, start: str, end: str, parent: str | None, year: int | None) -> Session:
    return Session(line, source, source, kind, D.fromisoformat(start), D.fromisoformat(end), parent, year)


def test_a_period_below_a_semester_is_of_the_year_above() -> None:
    found = read_sessions(
        [
            session(2, "y", "SCHOOL_YEAR", "2024-06-01", "2025-04-30", None, 2025),
            session(3, "s", "SEMESTER", "2024-06-01", "2024-10-31", "y", 2025),
            session(4, "p", "GRADING_PERIOD", "2024-06-01", "2024-07-31", "s", 2025),
            session(5, "loose", "TERM", "2024-11-01", "2024-12-31", None, 2025),
        ],
        Findings(),
    )
    assert found.year_of() == {"y": "y", "s": "y", "p": "y", "loose": "y"}


def test_parts_without_a_year_make_one_up() -> None:
    found = read_sessions(
        [
            session(2, "t1", "TERM", "2024-09-01", "2024-12-20", None, 2025),
            session(3, "t2", "TERM", "2025-01-06", "2025-06-30", None, 2025),
        ],
        Findings(),
    )
    assert [(y.source, y.code, y.start, y.end) for y in found.years.values()] == [
        (None, "2024-2025", D(2024, 9, 1), D(2025, 6, 30))
    ]


def test_codes_of_years_and_parts() -> None:
    assert year_code("2024-2025", D(2024, 6, 1), D(2025, 4, 30)) == "2024-2025"
    assert year_code("School Year 24/25", D(2024, 6, 1), D(2025, 4, 30)) == "2024-2025"
    assert year_code("Calendar year", D(2024, 1, 1), D(2024, 12, 31)) == "2024"
    assert period_code("as-1") == "as-1"
    assert len(period_code("x" * 255)) == 100
    assert period_code("x" * 254 + "a") != period_code("x" * 254 + "b")


def test_levels_stand_at_their_place_or_after_all_others() -> None:
    assert placed(["KG", "13", "PK", "Montessori"], range(1, 13)) == [
        ("PK", "PK", -2),
        ("KG", "KG", 0),
        ("13", "Class 13", 13),
        ("Montessori", "Montessori", 14),
    ]


@pytest.mark.parametrize(
    ("written", "scale"),
    [
        ("{90-100:A},{0-89.5:B}", Scale(Decimal(0), Decimal(100), (("B", Decimal(0)), ("A", Decimal(90))))),
        ("90-100:A,0-89:B", Scale(Decimal(0), Decimal(100), (("B", Decimal(0)), ("A", Decimal(90))))),
        ("{A:4.0},{B:3.0}", None),
        ("{0-50:F},{0-100:P}", None),
        ("{0-50:F},{51-100:F}", None),
        ("nonsense", None),
    ],
)
def test_a_scale_is_read_from_its_pairs(written: str, scale: Scale | None) -> None:
    assert read_scale(written) == scale


def test_student_numbers_have_five_digits_and_more_when_needed() -> None:
    assert student_number(2025, 7) == "STU-2025-00007"
    assert student_number(2025, 123456) == "STU-2025-123456"


def test_the_week_begins_on_monday() -> None:
    days = list(ordinary_days(D(2024, 9, 13), D(2024, 9, 16), 5))
    assert [(day.day, kind is CalendarDayKind.INSTRUCTIONAL) for day, kind in days] == [
        (13, True),
        (14, False),
        (15, False),
        (16, True),
    ]
