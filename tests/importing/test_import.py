"""What a sound package becomes."""

import csv
import datetime
import io
from decimal import Decimal
from pathlib import Path
from typing import Any

from app.importing.oneroster import import_oneroster
from app.importing.report import Outcome
from app.urls import Urls
from tests.importing.conftest import Import, checksums
from tests.importing.packages import as_1_1, files, sound, write_folder

Rows = Any
NAMES = "SELECT first_name FROM student WHERE deleted_at IS NULL ORDER BY first_name"


async def test_a_district_is_no_institution_and_its_school_is_one(bring: Import, rows: Rows) -> None:
    report = await bring(sound())
    assert [(each.code, each.outcome) for each in report.institutions] == [("NORTH", Outcome.IMPORTED)]
    assert await rows("SELECT code, name FROM institution") == [("NORTH", "North School")]


async def test_students_have_numbers_by_the_year_of_their_first_class(bring: Import, rows: Rows) -> None:
    await bring(sound())
    assert await rows("SELECT student_number, first_name, registration_date FROM student ORDER BY 1") == [
        ("STU-2024-00001", "Asha", datetime.date(2024, 6, 3)),
        ("STU-2024-00002", "Ravi", datetime.date(2024, 6, 3)),
        ("STU-2024-00003", "Meera", datetime.date(2024, 6, 3)),
    ]
    assert await rows("SELECT kind, year, last FROM number_counter") == [("student", 2024, 3)]


async def test_siblings_share_a_guardian(bring: Import, rows: Rows) -> None:
    await bring(sound())
    assert await rows(
        "SELECT s.first_name, g.full_name, l.relation, l.may_access_records FROM student_guardian l"
        " JOIN student s ON s.id = l.student_id JOIN guardian g ON g.id = l.guardian_id ORDER BY 1"
    ) == [
        ("Asha", "Lata Rao", "MOTHER", False),
        ("Meera", "Mohan Rao", "UNKNOWN", False),
        ("Ravi", "Lata Rao", "MOTHER", False),
    ]


async def test_a_class_becomes_a_course_of_its_level_and_section(bring: Import, rows: Rows) -> None:
    await bring(sound())
    assert await rows(
        "SELECT c.name, c.section, l.code, s.name, s.code, y.code FROM course c"
        " JOIN grade_level l ON l.id = c.grade_level_id JOIN subject s ON s.id = c.subject_id"
        " JOIN school_year y ON y.id = c.school_year_id ORDER BY 1"
    ) == [
        ("Science 9A", "A", "9", "Science", "SCI", "2024-2025"),
        ("Science 9B", "B", "9", "Science", "SCI", "2024-2025"),
    ]


async def test_the_primary_teacher_leads(bring: Import, rows: Rows) -> None:
    tables = sound()
    for number, user in ((3, "tea-2"), (4, "tea-1")):
        tables["enrollments"].append(
            dict(tables["enrollments"][3], sourcedId=f"enr-x{number}", userSourcedId=user, primary="false")
            | {"classSourcedId": "cls-1" if user == "tea-2" else "cls-2"}
        )
    await bring(tables)
    assert await rows(
        "SELECT c.name, u.username, t.role, t.position FROM course_teacher t JOIN course c ON c.id = t.course_id"
        " JOIN app_user u ON u.id = t.user_id ORDER BY 1, 4"
    ) == [
        ("Science 9A", "teacher1", "LEAD", 1),
        ("Science 9A", "teacher2", "ASSISTANT", 2),
        ("Science 9B", "teacher2", "LEAD", 1),
        ("Science 9B", "teacher1", "ASSISTANT", 2),
    ]


async def test_the_school_span_follows_from_the_enrolments(bring: Import, rows: Rows) -> None:
    await bring(sound())
    first, last = datetime.date(2024, 6, 3), datetime.date(2025, 4, 30)
    assert await rows(
        "SELECT DISTINCT e.entry_date, e.entry_type, e.exit_date, e.exit_reason, l.code FROM school_enrollment e"
        " JOIN grade_level l ON l.id = e.grade_level_id"
    ) == [(first, "NEW", last, "COMPLETED", "9")]


async def test_marks_keep_their_decimals_and_their_assessment(bring: Import, rows: Rows) -> None:
    await bring(sound())
    assert await rows(
        "SELECT s.first_name, g.score, g.score_status, a.title, a.max_score, k.name, p.name FROM grade g"
        " JOIN student s ON s.id = g.student_id JOIN assessment a ON a.id = g.assessment_id"
        " JOIN assessment_category k ON k.id = a.category_id JOIN semester p ON p.id = g.semester_id ORDER BY 1"
    ) == [
        ("Asha", Decimal("15.5"), "FULLY_GRADED", "Midterm", 20, "Exam", "First semester"),
        ("Meera", Decimal(20), "FULLY_GRADED", "Midterm", 20, "Exam", "First semester"),
        ("Ravi", Decimal(8), "FULLY_GRADED", "Midterm", 20, "Exam", "First semester"),
    ]


async def test_a_new_school_takes_its_scale_days_and_year_from_the_package(bring: Import, rows: Rows) -> None:
    await bring(sound())
    settings = dict(await rows("SELECT key, value FROM configuration_setting"))
    assert settings["CURRENT_ACADEMIC_YEAR"] == "2024-2025"
    assert (settings["GRADE_SCALE_MIN"], settings["GRADE_SCALE_MAX"], settings["PASS_MARK"]) == ("0", "20", "10")
    assert settings["WORKING_DAYS_PER_WEEK"] == "5"
    assert await rows("SELECT code FROM school_year WHERE current") == [("2024-2025",)]
    assert await rows(
        "SELECT kind, count(*), bool_and(extract(isodow FROM date) < 6) FROM calendar_day GROUP BY 1 ORDER BY 1"
    ) == [("INSTRUCTIONAL", 238, True), ("NON_INSTRUCTIONAL", 94, False)]


async def test_working_days_can_be_given(bring: Import, rows: Rows) -> None:
    await bring(sound(), working_days=6)
    assert await rows("SELECT count(*) FROM calendar_day WHERE kind = 'INSTRUCTIONAL'") == [(285,)]
    assert await rows("SELECT value FROM configuration_setting WHERE key = 'WORKING_DAYS_PER_WEEK'") == [("6",)]


async def test_every_sourced_id_is_kept(bring: Import, rows: Rows) -> None:
    await bring(sound())
    assert await rows("SELECT entity, count(*) FROM external_id WHERE system = 'oneroster' GROUP BY 1 ORDER BY 1") == [
        ("app_user", 2),
        ("assessment", 2),
        ("assessment_category", 1),
        ("course", 2),
        ("course_teacher", 2),
        ("enrollment", 3),
        ("grade", 3),
        ("guardian", 2),
        ("institution", 1),
        ("school_year", 1),
        ("semester", 2),
        ("student", 3),
        ("subject", 1),
    ]
    assert await rows("SELECT value FROM external_id WHERE system = 'identifier' ORDER BY 1") == [
        ("N-1",),
        ("N-2",),
        ("N-3",),
    ]


async def test_no_account_is_made_for_families_and_no_right_but_a_teachers(bring: Import, rows: Rows) -> None:
    tables = sound()
    tables["roles"][5]["role"] = "principal"
    report = await bring(tables)
    assert await rows("SELECT username, password_hash, position FROM app_user ORDER BY 1") == [
        ("teacher1", None, "principal"),
        ("teacher2", None, "teacher"),
    ]
    assert await rows("SELECT u.username, r.role FROM user_role r JOIN app_user u ON u.id = r.user_id") == [
        ("teacher2", "TEACHER")
    ]
    assert [(each.file, each.line) for each in report.findings if each.code == "role_not_given"] == [("roles.csv", 7)]


async def test_the_second_time_nothing_changes(bring: Import, empty_database: Urls) -> None:
    await bring(sound())
    before = await checksums(empty_database)
    report = await bring(sound())
    assert [each.outcome for each in report.institutions] == [Outcome.NO_CHANGE]
    assert await checksums(empty_database) == before


async def test_a_dry_run_counts_the_same_and_writes_nothing(bring: Import, empty_database: Urls) -> None:
    before = await checksums(empty_database)
    dry = await bring(sound(), dry_run=True)
    assert await checksums(empty_database) == before
    wet = await bring(sound())
    assert dry.institutions[0].outcome is Outcome.DRY_RUN
    assert dry.institutions[0].as_dict()["tables"] == wet.institutions[0].as_dict()["tables"]


async def test_every_row_has_its_audit_and_the_import_one_entry(bring: Import, rows: Rows) -> None:
    report = await bring(sound())
    counts = report.institutions[0].counts
    audited = {
        (table, kind): n
        for table, kind, n in await rows(
            "SELECT table_name, operation, count(*) FROM audit_log WHERE actor_kind = 'IMPORT' AND request_id = $1"
            " GROUP BY 1, 2",
            report.run_id,
        )
    }
    written = {(table, "INSERT"): each.inserted for table, each in counts.items() if each.inserted}
    written |= {(table, "UPDATE"): each.updated for table, each in counts.items() if each.updated}
    assert audited == written
    unaudited = ("audit_log", "activity_log", "number_counter")
    for table, each in counts.items():
        assert await rows(f"SELECT count(*) FROM {table}") == [(each.inserted,)]
        assert table not in unaudited
    assert await rows(
        "SELECT action, request_id, details -> 'tables' -> 'student' ->> 'inserted' FROM activity_log"
    ) == [("import.oneroster", report.run_id, "3")]


async def test_version_1_1_becomes_the_same(bring: Import, rows: Rows) -> None:
    await bring(as_1_1(sound()), version="1.1")
    assert await rows(NAMES) == [("Asha",), ("Meera",), ("Ravi",)]
    assert await rows("SELECT count(*) FROM grade g JOIN semester p ON p.id = g.semester_id") == [(3,)]
    assert await rows("SELECT count(*) FROM student_guardian") == [(3,)]
    assert await rows("SELECT count(*) FROM user_role WHERE role = 'TEACHER'") == [(2,)]


def _untidy(data: bytes) -> bytes:
    """An upper-case header in another order, a column of its own, a byte-order mark and CRLF."""
    lines = list(csv.reader(io.StringIO(data.decode())))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([*(name.upper() for name in reversed(lines[0])), "metadata.own"])
    writer.writerows([*reversed(cells), "x"] for cells in lines[1:])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


async def test_headers_and_line_ends_may_be_written_otherwise(empty_database: Urls, tmp_path: Path, rows: Rows) -> None:
    content = {name: _untidy(data) if name != "manifest.csv" else data for name, data in files(sound()).items()}
    report = await import_oneroster(empty_database, write_folder(tmp_path / "folder", content))
    assert not report.failed, report.findings.errors
    assert await rows(NAMES) == [("Asha",), ("Meera",), ("Ravi",)]
    assert await rows("SELECT count(*) FROM grade") == [(3,)]


async def test_optional_files_may_be_missing(bring: Import, rows: Rows) -> None:
    kept = ["orgs", "academicSessions", "courses", "classes", "users", "roles", "enrollments", "demographics"]
    await bring({name: rows for name, rows in sound().items() if name in kept})
    assert await rows("SELECT count(*) FROM enrollment") == [(3,)]
    assert await rows("SELECT count(*) FROM grade") == [(0,)]


async def test_extensions_are_taken_with_a_warning(bring: Import, rows: Rows) -> None:
    tables = sound()
    tables["classes"][0]["classType"] = "ext:club"
    tables["demographics"][0]["sex"] = "ext:x"
    tables["academicSessions"][1]["type"] = "ext:block"
    report = await bring(tables)
    found = [(each.file, each.line, each.value) for each in report.findings if each.code == "extension_value"]
    assert sorted(found) == [
        ("academicSessions.csv", 3, "ext:block"),
        ("classes.csv", 2, "ext:club"),
        ("demographics.csv", 2, "ext:x"),
    ]
    assert await rows("SELECT gender FROM student WHERE first_name = 'Asha'") == [("OTHER",)]
    assert await rows("SELECT type FROM semester ORDER BY start_date") == [("TERM",), ("SEMESTER",)]
