"""Records that the school has already, under another sourcedId or none: which are taken over, which are refused."""

from typing import Any

from app.importing.report import Outcome, Report
from app.urls import Urls
from tests.importing.conftest import Import, checksums
from tests.importing.packages import Tables, row, sound

Rows = Any
SCALE = {"title": "Percent", "type": "letters", "orgSourcedId": "org-1", "scoreScaleValue": "{0-49:C},{50-100:A}"}


def errors(report: Report) -> list[tuple[str, str | None, int | None, str | None]]:
    return [(each.code, each.file, each.line, each.value) for each in report.findings.errors]


def scaled(source: str) -> Tables:
    tables = sound()
    tables["scoreScales"] = [row(source, **SCALE)]
    return tables


async def test_a_scale_under_another_sourced_id_is_refused(bring: Import, empty_database: Urls) -> None:
    await bring(scaled("sc-1"))
    before = await checksums(empty_database)
    refused = await bring(scaled("sc-2"), refused=True)
    assert errors(refused) == [("name_taken", "scoreScales.csv", 2, "Percent")]
    assert await checksums(empty_database) == before


async def test_a_category_under_another_sourced_id_is_the_one_of_its_title(bring: Import, rows: Rows) -> None:
    await bring(sound())
    tables = sound()
    tables["categories"] = [row("cat-9", title="Exam", weight="10"), row("cat-1", title="Exam", weight="70")]
    tables["lineItems"][0]["categorySourcedId"] = "cat-9"
    await bring(tables)
    assert await rows("SELECT name, weight FROM assessment_category") == [("Exam", 70)]
    assert await rows(
        "SELECT DISTINCT c.name FROM assessment a LEFT JOIN assessment_category c ON c.id = a.category_id"
    ) == [("Exam",)]


async def test_a_category_may_take_the_title_that_another_gives_up(bring: Import, rows: Rows) -> None:
    await bring(sound())
    tables = sound()
    tables["categories"] = [row("cat-9", title="Exam", weight="10"), row("cat-1", title="Final", weight="70")]
    tables["lineItems"][0]["categorySourcedId"] = "cat-9"
    await bring(tables)
    assert await rows(
        "SELECT e.value, c.name, c.weight, count(a.id) FROM assessment_category c JOIN external_id e"
        " ON e.record_id = c.id AND e.entity = 'assessment_category'"
        " LEFT JOIN assessment a ON a.category_id = c.id GROUP BY 1, 2, 3 ORDER BY 1"
    ) == [("cat-1", "Final", 70, 1), ("cat-9", "Exam", 10, 1)]


async def test_a_category_cannot_be_called_as_another_is(bring: Import, empty_database: Urls) -> None:
    tables = sound()
    tables["categories"].append(row("cat-2", title="Quiz", weight="40"))
    tables["lineItems"][1]["categorySourcedId"] = "cat-2"
    await bring(tables)
    before = await checksums(empty_database)
    tables["categories"][1]["title"] = "Exam"
    refused = await bring(tables, refused=True)
    assert errors(refused) == [("name_taken", "categories.csv", 3, "Exam")]
    assert await checksums(empty_database) == before


async def test_a_year_set_up_by_hand_is_taken_over_by_its_code(bring: Import, rows: Rows) -> None:
    await bring(sound())
    await rows("DELETE FROM external_id WHERE entity = 'school_year'")
    await rows("UPDATE school_year SET end_date = '2025-06-30'")
    tables = sound()
    tables["academicSessions"].append(
        row("as-n", title="2025-2026", type="schoolYear", startDate="2025-06-02", endDate="2026-04-30")
    )
    await bring(tables)
    assert await rows("SELECT code, end_date::text FROM school_year ORDER BY 1") == [
        ("2024-2025", "2025-04-30"),
        ("2025-2026", "2026-04-30"),
    ]


async def test_a_year_made_up_from_parts_is_not_laid_over_one_set_up_by_hand(bring: Import, rows: Rows) -> None:
    await bring(sound())
    await rows("DELETE FROM external_id WHERE entity = 'school_year'")
    await rows("UPDATE school_year SET code = 'first'")
    tables = sound()
    del tables["academicSessions"][0]
    tables["courses"][0]["schoolYearSourcedId"] = ""
    for each in tables["academicSessions"]:
        each["parentSourcedId"] = ""
    refused = await bring(tables, refused=True)
    assert errors(refused) == [("overlap", "academicSessions.csv", 2, "2024-06-03")]


async def test_another_teacher_under_the_same_sourced_id_takes_the_place(bring: Import, rows: Rows) -> None:
    await bring(sound())
    tables = sound()
    tables["enrollments"][3] |= {"userSourcedId": "tea-2", "primary": "false"}
    await bring(tables)
    places = "SELECT c.name, u.username, t.position, t.role FROM course_teacher t JOIN app_user u ON u.id = t.user_id"
    assert await rows(f"{places} JOIN course c ON c.id = t.course_id ORDER BY 1, 3") == [
        ("Science 9A", "teacher2", 1, "LEAD"),
        ("Science 9B", "teacher2", 1, "LEAD"),
    ]
    assert (await bring(tables)).institutions[0].outcome is Outcome.NO_CHANGE


async def test_two_strangers_in_one_class_are_both_told(bring: Import) -> None:
    tables = sound()
    tables["enrollments"] += [
        {**tables["enrollments"][3], "sourcedId": f"enr-{name}", "userSourcedId": name} for name in ("gua-1", "gua-2")
    ]
    refused = await bring(tables, refused=True)
    assert errors(refused) == [
        ("not_at_school", "enrollments.csv", 7, "gua-1"),
        ("not_at_school", "enrollments.csv", 8, "gua-2"),
    ]


async def test_a_wrong_course_is_told_once_and_keeps_its_classes_out(bring: Import, rows: Rows) -> None:
    tables = sound()
    tables["courses"][0]["title"] = ""
    assert errors(await bring(tables, refused=True)) == [("required", "courses.csv", 2, None)]
    assert await rows("SELECT count(*) FROM institution") == [(0,)]


async def test_the_first_subject_of_a_class_is_the_one_of_its_marks(bring: Import, rows: Rows) -> None:
    tables = sound()
    tables["classes"][0]["subjects"] = "Physics,Biology"
    tables["classes"][1]["subjects"] = "Biology,Physics"
    await bring(tables)
    assert await rows(
        "SELECT c.name, s.name FROM assessment a JOIN course c ON c.id = a.course_id"
        " JOIN subject s ON s.id = a.subject_id ORDER BY 1"
    ) == [("Science 9A", "Physics"), ("Science 9B", "Biology")]
