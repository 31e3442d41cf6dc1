"""Two real schools: 835 students, their marks and absences, and everybody else's presence."""

from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from app.importing.attendance import Options, import_attendance
from app.importing.oneroster import import_oneroster
from app.importing.report import Outcome
from app.urls import Urls, asyncpg_url
from tests.database import copy

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "uci-student-performance"
PACKAGE, ABSENCES = DATA / "oneroster-1.2.zip", DATA / "absences.csv"
pytestmark = [
    pytest.mark.skipif(not PACKAGE.exists(), reason=f"THE UCI SCHOOLS ARE NOT TESTED: there is no {PACKAGE}"),
    pytest.mark.any_database,
]

LESSON_DAYS = 202


@pytest.fixture(scope="module")
async def school(server: Urls, template: Urls) -> AsyncIterator[Any]:
    """A connection to a database with both schools, their absences and the presence of all others."""
    urls = await copy(server, "suite_uci_rest")
    report = await import_oneroster(urls, PACKAGE)
    assert [(each.code, each.outcome) for each in report.institutions] == [
        ("GP", Outcome.IMPORTED),
        ("MS", Outcome.IMPORTED),
    ]
    marks = await import_attendance(urls, ABSENCES, Options(rest=True))
    assert not marks.failed, marks.findings.errors
    assert urls.owner
    connection = await asyncpg.connect(asyncpg_url(urls.owner))
    yield connection
    await connection.close()


async def test_nobody_is_missing(school: Any) -> None:
    counts = await school.fetch(
        "SELECT i.code, (SELECT count(*) FROM student s WHERE s.institution_id = i.id),"
        " (SELECT count(*) FROM guardian g WHERE g.institution_id = i.id),"
        " (SELECT count(*) FROM course c WHERE c.institution_id = i.id),"
        " (SELECT count(*) FROM enrollment e WHERE e.institution_id = i.id),"
        " (SELECT count(*) FROM grade m WHERE m.institution_id = i.id) FROM institution i ORDER BY 1"
    )
    assert [tuple(row) for row in counts] == [("GP", 602, 602, 27, 772, 2316), ("MS", 233, 233, 10, 272, 816)]


async def test_the_means_are_those_of_the_originals(school: Any) -> None:
    means = await school.fetch(
        "SELECT s.code, i.code, count(DISTINCT g.student_id), p.name, round(avg(g.score), 4) FROM grade g"
        " JOIN institution i ON i.id = g.institution_id JOIN subject s ON s.id = g.subject_id"
        " JOIN semester p ON p.id = g.semester_id GROUP BY 1, 2, 4, p.sequence ORDER BY 1, 2, p.sequence"
    )
    found: dict[Any, Any] = {(row[0], row[1]): (row[2], []) for row in means}
    for row in means:
        found[row[0], row[1]][1].append(row[4])
    assert found == {
        ("MAT", "GP"): (349, [Decimal("10.9398"), Decimal("10.7822"), Decimal("10.4900")]),
        ("MAT", "MS"): (46, [Decimal("10.6739"), Decimal("10.1957"), Decimal("9.8478")]),
        ("POR", "GP"): (423, [Decimal("11.9858"), Decimal("12.1442"), Decimal("12.5768")]),
        ("POR", "MS"): (226, [Decimal("10.3009"), Decimal("10.4956"), Decimal("10.6504")]),
    }


async def test_every_absence_and_every_presence_is_marked(school: Any) -> None:
    marks = await school.fetch(
        "SELECT s.code, i.code, count(*) FILTER (WHERE a.status = 'ABSENT'), count(*),"
        " count(*) FILTER (WHERE a.semester_id IS NULL) > 0, count(*) FILTER (WHERE a.school_year_id IS NULL)"
        " FROM attendance a JOIN institution i ON i.id = a.institution_id JOIN course c ON c.id = a.course_id"
        " JOIN subject s ON s.id = c.subject_id GROUP BY 1, 2 ORDER BY 1, 2"
    )
    assert [tuple(row) for row in marks] == [
        ("MAT", "GP", 2082, 349 * LESSON_DAYS, True, 0),
        ("MAT", "MS", 173, 46 * LESSON_DAYS, True, 0),
        ("POR", "GP", 1783, 423 * LESSON_DAYS, True, 0),
        ("POR", "MS", 592, 226 * LESSON_DAYS, True, 0),
    ]


async def test_every_roster_was_taken_on_every_lesson_day(school: Any) -> None:
    assert await school.fetchval("SELECT count(*) FROM attendance_taken") == 37 * LESSON_DAYS
