"""Files of attendance marks: what they become, what the rest becomes, and what is refused."""

import datetime
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from app.importing.attendance import Options, import_attendance
from app.importing.report import Outcome, Report
from app.urls import Urls
from tests.importing.conftest import Import, checksums
from tests.importing.packages import sound

Rows = Any
Mark = Callable[..., Awaitable[Report]]
HEADER = "studentSourcedId,classSourcedId,date,status,code,session,reason,minutesLate"
DAY = datetime.date(2024, 9, 16)


async def send(urls: Urls, folder: Path, *lines: str, header: str = HEADER, **options: Any) -> Report:
    width = header.count(",")
    path = folder / "marks.csv"
    path.write_text("\n".join([header, *(line + "," * (width - line.count(",")) for line in lines)]) + "\n")
    return await import_attendance(urls, path, Options(**options))


@pytest.fixture
async def mark(bring: Import, empty_database: Urls, tmp_path: Path) -> Mark:
    """Import lines of marks into a school that has been imported; errors fail the test."""
    await bring(sound())

    async def run(*lines: str, **options: Any) -> Report:
        report = await send(empty_database, tmp_path, *lines, **options)
        assert not report.failed, report.findings.errors
        return report

    return run


async def test_a_mark_is_of_the_semester_and_year_of_its_date(mark: Mark, rows: Rows) -> None:
    await mark("stu-1,cls-1,2024-09-16,ABSENT", "stu-2,cls-1,2024-11-01,late,LATE,,Bus,12")
    assert await rows(
        "SELECT s.first_name, a.date, a.session, a.status, a.code, a.reason, a.minutes_late, p.name, y.code"
        " FROM attendance a JOIN student s ON s.id = a.student_id JOIN school_year y ON y.id = a.school_year_id"
        " LEFT JOIN semester p ON p.id = a.semester_id ORDER BY 1"
    ) == [
        ("Asha", DAY, "FULL", "ABSENT", "ABSENT", None, None, "First semester", "2024-2025"),
        ("Ravi", datetime.date(2024, 11, 1), "FULL", "LATE", "LATE", "Bus", 12, None, "2024-2025"),
    ]


async def test_marks_stand_in_the_partition_of_their_year(mark: Mark, rows: Rows) -> None:
    await mark("stu-1,cls-1,2024-09-16,ABSENT", "stu-1,cls-1,2025-01-15,ABSENT")
    assert await rows("SELECT tableoid::regclass::text, date FROM attendance ORDER BY 2") == [
        ("attendance_p2024", DAY),
        ("attendance_p2025", datetime.date(2025, 1, 15)),
    ]


async def test_marks_alone_say_nothing_of_the_rest(mark: Mark, rows: Rows) -> None:
    await mark("stu-1,cls-1,2024-09-16,ABSENT")
    assert await rows("SELECT count(*) FROM attendance_taken") == [(0,)]


async def test_the_rest_was_present_on_every_lesson_day_of_the_class(mark: Mark, rows: Rows) -> None:
    report = await mark("stu-1,cls-1,2024-09-16,ABSENT", rest=True)
    assert await rows("SELECT status, count(*) FROM attendance GROUP BY 1 ORDER BY 1") == [
        ("ABSENT", 1),
        ("PRESENT", 2 * 238 - 1),
    ]
    assert await rows("SELECT count(*), count(DISTINCT course_id) FROM attendance_taken") == [(238, 1)]
    assert await rows("SELECT count(*) FROM attendance WHERE extract(isodow FROM date) > 5") == [(0,)]
    assert report.institutions[0].counts["attendance"].inserted == 2 * 238


async def test_the_last_day_of_an_enrolment_is_inside_and_the_next_is_not(
    bring: Import, empty_database: Urls, tmp_path: Path, rows: Rows
) -> None:
    tables = sound()
    tables["enrollments"][0]["endDate"] = "2024-09-16"
    await bring(tables)
    report = await send(empty_database, tmp_path, "stu-2,cls-1,2024-09-16,ABSENT", rest=True)
    assert not report.failed
    assert await rows(
        "SELECT max(a.date) FROM attendance a JOIN student s ON s.id = a.student_id WHERE s.first_name = 'Asha'"
    ) == [(DAY,)]
    refused = await send(empty_database, tmp_path, "stu-1,cls-1,2024-09-17,ABSENT")
    assert [(each.code, each.line) for each in refused.findings.errors] == [("not_enrolled", 2)]


async def test_the_second_time_nothing_changes(mark: Mark, empty_database: Urls) -> None:
    lines = ("stu-1,cls-1,2024-09-16,ABSENT", "stu-3,cls-2,2024-09-16,EXCUSED,,,Fever")
    await mark(*lines, rest=True)
    before = await checksums(empty_database)
    report = await mark(*lines, rest=True)
    assert [each.outcome for each in report.institutions] == [Outcome.NO_CHANGE]
    assert await checksums(empty_database) == before


async def test_a_corrected_mark_is_updated_and_audited(mark: Mark, rows: Rows) -> None:
    await mark("stu-1,cls-1,2024-09-16,ABSENT")
    report = await mark("stu-1,cls-1,2024-09-16,EXCUSED")
    assert await rows("SELECT status, code, version FROM attendance") == [("EXCUSED", "EXCUSED", 2)]
    assert await rows(
        "SELECT before ->> 'status', after ->> 'status' FROM audit_log WHERE request_id = $1", report.run_id
    ) == [("ABSENT", "EXCUSED")]
    assert await rows("SELECT action FROM activity_log ORDER BY id") == [
        ("import.oneroster",),
        ("import.attendance",),
        ("import.attendance",),
    ]


async def test_a_dry_run_leaves_nothing_behind(mark: Mark, empty_database: Urls, rows: Rows) -> None:
    before = await checksums(empty_database)
    report = await mark("stu-1,cls-1,2024-09-16,ABSENT", dry_run=True, rest=True)
    assert report.institutions[0].outcome is Outcome.DRY_RUN
    assert await checksums(empty_database) == before
    assert await rows("SELECT to_regclass('attendance_p2024')::text") == [(None,)]


async def test_a_mark_on_a_day_without_lessons_is_told(mark: Mark) -> None:
    report = await mark("stu-1,cls-1,2024-09-15,ABSENT")
    assert [(each.code, each.line, each.value) for each in report.findings] == [("no_lesson_day", 2, "2024-09-15")]


REFUSED = [
    ("unknown_reference", 2, ["stu-1,cls-9,2024-09-16,ABSENT"]),
    ("not_at_school", 2, ["stu-9,cls-1,2024-09-16,ABSENT"]),
    ("not_enrolled", 3, ["stu-1,cls-1,2024-09-16,ABSENT", "stu-3,cls-1,2024-09-16,ABSENT"]),
    ("date", 2, ["stu-1,cls-1,16-09-2024,ABSENT"]),
    ("enum", 2, ["stu-1,cls-1,2024-09-16,AWAY"]),
    ("enum", 2, ["stu-1,cls-1,2024-09-16,ABSENT,,NIGHT"]),
    ("required", 2, ["stu-1,cls-1,2024-09-16,"]),
    ("unknown_code", 2, ["stu-1,cls-1,2024-09-16,ABSENT,SICK"]),
    ("unknown_code", 2, ["stu-1,cls-1,2024-09-16,ABSENT,PRESENT"]),
    ("number", 2, ["stu-1,cls-1,2024-09-16,LATE,,,,1441"]),
    ("number", 2, ["stu-1,cls-1,2024-09-16,LATE,,,,-5"]),
    ("too_long", 2, ["stu-1,cls-1,2024-09-16,LATE,,," + "x" * 501]),
    ("duplicate_record", 3, ["stu-1,cls-1,2024-09-16,LATE", "stu-1,cls-1,2024-09-16,ABSENT"]),
    ("session_conflict", 3, ["stu-1,cls-1,2024-09-16,LATE,,AM", "stu-1,cls-1,2024-09-16,ABSENT,,FULL"]),
]


@pytest.mark.parametrize(("code", "line", "lines"), REFUSED)
async def test_is_refused_and_changes_nothing(
    code: str, line: int, lines: list[str], filled_database: Urls, as_filled: dict[str, str], tmp_path: Path
) -> None:
    report = await send(filled_database, tmp_path, *lines)
    assert [(each.code, each.file, each.line) for each in report.findings.errors] == [(code, "marks.csv", line)]
    assert await checksums(filled_database) == as_filled


async def test_a_file_without_the_columns_is_refused(filled_database: Urls, tmp_path: Path) -> None:
    report = await send(filled_database, tmp_path, "stu-1,cls-1", header="student,class")
    assert [(each.code, each.file, each.line) for each in report.findings.errors] == [("wrong_header", "marks.csv", 1)]


async def test_a_class_that_two_schools_have_needs_the_school(
    bring: Import, empty_database: Urls, tmp_path: Path
) -> None:
    await bring(sound())
    foreign = sound()
    foreign["orgs"][1].update(name="Far School", identifier="FAR")
    await bring(foreign)
    refused = await send(empty_database, tmp_path, "stu-1,cls-1,2024-09-16,ABSENT")
    assert [(each.code, each.line) for each in refused.findings.errors] == [("ambiguous_institution", 2)]
    report = await send(empty_database, tmp_path, "stu-1,cls-1,2024-09-16,ABSENT", institution="FAR")
    assert [(each.code, each.outcome) for each in report.institutions] == [("FAR", Outcome.IMPORTED)]
