"""Odd but sound packages: what is taken, what is left out with a warning."""

import datetime
from decimal import Decimal
from typing import Any

from app.importing.report import Outcome, Report
from tests.importing.conftest import Import
from tests.importing.packages import Tables, row, sound

Rows = Any


def told(report: Report, code: str) -> list[tuple[str | None, int | None, str | None]]:
    return [(each.file, each.line, each.value) for each in report.findings if each.code == code]


async def test_a_scale_of_letters_becomes_bands_without_a_gap(bring: Import, rows: Rows) -> None:
    tables = sound()
    scale = {"title": "Percent", "type": "letters", "classSourcedId": "cls-1"}
    tables["scoreScales"] = [row("sc-1", **scale, scoreScaleValue="{90-100:A},{50-89:B},{0-49:C}")]
    await bring(tables)
    assert await rows("SELECT name, min_score, max_score, pass_mark FROM grading_scale") == [("Percent", 0, 100, 10)]
    assert await rows("SELECT letter, lower_bound FROM grading_scale_band ORDER BY 2") == [
        ("C", 0),
        ("B", 50),
        ("A", 90),
    ]
    assert await rows("SELECT name FROM course WHERE grading_scale_id IS NOT NULL") == [("Science 9A",)]
    assert (await bring(tables)).institutions[0].outcome is Outcome.NO_CHANGE
    tables["scoreScales"][0]["scoreScaleValue"] = "{80-100:A},{50-79:B},{0-49:C}"
    await bring(tables)
    assert await rows("SELECT letter, lower_bound FROM grading_scale_band ORDER BY 2") == [
        ("C", 0),
        ("B", 50),
        ("A", 80),
    ]


async def test_marks_without_bounds_of_their_own_obey_the_scale_of_the_course(bring: Import, rows: Rows) -> None:
    tables = sound()
    tables["scoreScales"] = [
        row("sc-1", title="Percent", type="letters", classSourcedId="cls-1", scoreScaleValue="{0-49:C},{50-100:A}")
    ]
    tables["lineItems"][0] |= {"resultValueMin": "", "resultValueMax": ""}
    tables["results"][0]["score"] = "99.5"
    await bring(tables)
    assert await rows("SELECT max(score) FROM grade") == [(Decimal("99.5"),)]
    tables["results"][0]["score"] = "100.5"
    refused = await bring(tables, refused=True)
    assert told(refused, "out_of_range") == [("results.csv", 2, "100.5")]


async def test_a_phone_or_address_that_students_share_is_left_out(bring: Import, rows: Rows) -> None:
    tables = sound()
    for number in (0, 1):
        tables["users"][number] |= {"sms": "9876543210", "email": "family@example.org"}
    tables["users"][2] |= {"sms": "9876500000", "email": "nonsense", "phone": "ask"}
    report = await bring(tables)
    assert await rows("SELECT first_name, mobile, phone, email FROM student ORDER BY 1") == [
        ("Asha", None, None, None),
        ("Meera", "9876500000", None, None),
        ("Ravi", None, None, None),
    ]
    assert told(report, "shared_contact") == [
        ("users.csv", 2, "9876543210"),
        ("users.csv", 3, "9876543210"),
        ("users.csv", 2, "family@example.org"),
        ("users.csv", 3, "family@example.org"),
    ]
    assert told(report, "format") == [("users.csv", 4, "nonsense"), ("users.csv", 4, "ask")]


async def test_a_course_has_at_most_three_teachers(bring: Import, rows: Rows) -> None:
    tables = sound()
    for number in range(3, 6):
        tables["users"].append(row(f"tea-{number}", username=f"t{number}", givenName="Tea", familyName="Cher"))
        tables["roles"].append(
            row(f"rol-{number}", userSourcedId=f"tea-{number}", role="teacher", orgSourcedId="org-1")
        )
        tables["enrollments"].append(
            row(
                f"enr-t{number}", classSourcedId="cls-1", userSourcedId=f"tea-{number}", role="teacher", primary="false"
            )
        )
    report = await bring(tables)
    assert told(report, "too_many_teachers") == [("enrollments.csv", 9, "tea-5")]
    assert await rows("SELECT count(*), max(position) FROM course_teacher") == [(4, 3)]
    assert (await bring(tables)).institutions[0].outcome is Outcome.NO_CHANGE


async def test_two_classes_alike_get_sections_of_their_own(bring: Import, rows: Rows) -> None:
    tables = sound()
    for each, period in zip(tables["classes"], ("P1", "P2"), strict=True):
        each |= {"title": "Science", "classCode": "SCI", "periods": period}
    report = await bring(tables)
    assert await rows("SELECT name, section FROM course ORDER BY 2") == [("Science", "SCI P1"), ("Science", "SCI P2")]
    assert [line for _, line, _ in told(report, "same_class")] == [2, 3]


async def test_a_class_of_several_subjects_has_no_one_subject(bring: Import, rows: Rows) -> None:
    tables = sound()
    tables["classes"][0] |= {"subjects": "Physics,Chemistry", "subjectCodes": "PHY,CHE"}
    await bring(tables)
    assert await rows(
        "SELECT c.name, c.subject_id IS NULL, s.name, s.code FROM course_subject l JOIN course c ON c.id = l.course_id"
        " JOIN subject s ON s.id = l.subject_id ORDER BY 1, 3"
    ) == [
        ("Science 9A", True, "Chemistry", "CHE"),
        ("Science 9A", True, "Physics", "PHY"),
        ("Science 9B", False, "Science", "SCI"),
    ]


async def test_levels_that_the_school_has_not_are_made(bring: Import, rows: Rows) -> None:
    tables = sound()
    tables["users"][0]["grades"] = "KG"
    await bring(tables)
    assert await rows("SELECT code, sequence FROM grade_level WHERE sequence < 2 ORDER BY 2") == [("KG", 0), ("1", 1)]
    assert await rows(
        "SELECT l.code FROM school_enrollment e JOIN grade_level l ON l.id = e.grade_level_id"
        " JOIN student s ON s.id = e.student_id WHERE s.first_name = 'Asha'"
    ) == [("KG",)]


def _next_year(tables: Tables) -> None:
    tables["academicSessions"].append(
        row("as-z", title="2025-2026", type="schoolYear", startDate="2025-06-02", endDate="2026-04-30")
    )
    tables["courses"].append(row("crs-2", title="Science", courseCode="SCI", grades="10", schoolYearSourcedId="as-z"))
    tables["classes"].append(
        row(
            "cls-9", title="Science 10A", grades="10", courseSourcedId="crs-2", classCode="10A", schoolSourcedId="org-1"
        )
    )
    tables["enrollments"].append(
        row("enr-9", classSourcedId="cls-9", userSourcedId="stu-1", role="student", beginDate="2025-06-09")
    )
    tables["users"][0]["grades"] = "10"


async def test_a_student_of_two_years_has_two_spans(bring: Import, rows: Rows) -> None:
    tables = sound()
    _next_year(tables)
    await bring(tables)
    spans = await rows(
        "SELECT y.code, e.entry_date, e.entry_type, e.exit_reason, l.code FROM school_enrollment e"
        " JOIN school_year y ON y.id = e.school_year_id JOIN grade_level l ON l.id = e.grade_level_id"
        " JOIN student s ON s.id = e.student_id WHERE s.first_name = 'Asha' ORDER BY 1"
    )
    assert spans == [
        ("2024-2025", datetime.date(2024, 6, 3), "NEW", "COMPLETED", "9"),
        ("2025-2026", datetime.date(2025, 6, 9), "PROMOTED", None, "10"),
    ]
    assert await rows("SELECT system, value FROM external_id WHERE entity = 'subject' ORDER BY 1") == [
        ("oneroster", "crs-1"),
        ("oneroster.2", "crs-2"),
    ]
    assert (await bring(tables)).institutions[0].outcome is Outcome.NO_CHANGE


async def test_a_year_that_overlaps_another_is_refused(bring: Import, rows: Rows) -> None:
    await bring(sound())
    tables = sound()
    _next_year(tables)
    tables["academicSessions"][3]["startDate"] = "2025-04-30"
    refused = await bring(tables, refused=True)
    assert told(refused, "overlap") == [
        ("academicSessions.csv", 2, "2024-06-03"),
        ("academicSessions.csv", 5, "2025-04-30"),
    ]


async def test_results_that_are_not_marks(bring: Import, rows: Rows) -> None:
    tables = sound()
    tables["results"][0] |= {"scoreStatus": "exempt", "score": "3"}
    tables["results"][1] |= {"scoreStatus": "not submitted", "score": ""}
    tables["results"][2] |= {"scoreStatus": "fully graded", "score": "", "textScore": "B+"}
    report = await bring(tables)
    assert await rows("SELECT score_status, score FROM grade ORDER BY 1") == [
        ("EXEMPT", None),
        ("NOT_SUBMITTED", None),
        ("SUBMITTED", None),
    ]
    assert [line for _, line, _ in told(report, "score_ignored")] == [2]
    assert told(report, "text_score") == [("results.csv", 4, "B+")]


async def test_an_age_at_admission_out_of_range_is_told_and_not_refused(bring: Import, rows: Rows) -> None:
    tables = sound()
    tables["demographics"][1]["birthDate"] = "2004-01-01"
    report = await bring(tables)
    assert told(report, "age_at_admission") == [("demographics.csv", 3, "2004-01-01")]
    assert await rows("SELECT count(*) FROM student") == [(3,)]


async def test_a_guardian_of_one_name_and_other_identifiers_are_kept(bring: Import, rows: Rows) -> None:
    tables = sound()
    tables["users"][3] |= {"familyName": "", "userIds": "{LDAP:lata},{Ministry:77}"}
    tables["users"][0]["userMasterIdentifier"] = "M-1"
    await bring(tables)
    assert await rows("SELECT full_name, single_name FROM guardian ORDER BY 1") == [
        ("Lata", "Lata"),
        ("Mohan Rao", None),
    ]
    assert await rows(
        "SELECT entity, system, value FROM external_id WHERE system NOT IN ('oneroster', 'identifier') ORDER BY 2"
    ) == [
        ("guardian", "LDAP", "lata"),
        ("guardian", "Ministry", "77"),
        ("student", "userMasterIdentifier", "M-1"),
    ]
