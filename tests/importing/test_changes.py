"""Importing again: what the files change, what they take away, and what they leave to the school."""

import datetime
from typing import Any

from app.importing.report import Outcome
from app.urls import Urls
from tests.importing.conftest import Import, checksums
from tests.importing.packages import Tables, row, sound

Rows = Any


def marked(tables: Tables, file: str, *sources: str) -> dict[str, str]:
    """The rows as they are when they are to be deleted; the first of them is returned."""
    chosen = [each for each in tables[file] if each["sourcedId"] in sources]
    for each in chosen:
        each["status"] = "tobedeleted"
    return chosen[0]


async def test_only_what_differs_is_written(bring: Import, rows: Rows) -> None:
    await bring(sound())
    changed = sound()
    changed["users"][2]["familyName"] = "Iyer"
    report = await bring(changed)
    assert report.institutions[0].as_dict()["tables"] == {"student": {"inserted": 0, "updated": 1, "deleted": 0}}
    assert await rows("SELECT first_name, last_name, version FROM student ORDER BY 1") == [
        ("Asha", "Rao", 1),
        ("Meera", "Iyer", 2),
        ("Ravi", "Rao", 1),
    ]
    assert await rows("SELECT before::text, after::text FROM audit_log WHERE request_id = $1", report.run_id) == [
        ('{"last_name": "Rao"}', '{"last_name": "Iyer"}')
    ]


async def test_what_a_person_entered_stays_where_the_file_has_nothing(bring: Import, rows: Rows) -> None:
    await bring(sound())
    await rows("UPDATE student SET mobile = '9876543210', preferred_name = 'Ash' WHERE first_name = 'Asha'")
    await rows("UPDATE student_guardian SET relation = 'AUNT_UNCLE', legal_guardian = true")
    report = await bring(sound())
    assert report.institutions[0].outcome is Outcome.NO_CHANGE
    assert await rows("SELECT mobile, preferred_name FROM student WHERE first_name = 'Asha'") == [("9876543210", "Ash")]
    assert await rows("SELECT DISTINCT relation, legal_guardian FROM student_guardian") == [("AUNT_UNCLE", True)]


async def test_a_column_that_is_not_in_the_file_is_not_touched(bring: Import, rows: Rows) -> None:
    await bring(sound())
    report = await bring(sound(), without=("classes.classCode", "enrollments.endDate", "lineItems.dueDate"))
    assert report.institutions[0].outcome is Outcome.NO_CHANGE
    assert await rows("SELECT section FROM course ORDER BY 1") == [("A",), ("B",)]


async def test_an_empty_cell_takes_an_end_away(bring: Import, rows: Rows) -> None:
    await bring(sound())
    open_ended = sound()
    open_ended["enrollments"][0]["endDate"] = ""
    await bring(open_ended)
    assert await rows("SELECT status, end_date FROM enrollment WHERE end_date IS NULL") == [("ACTIVE", None)]


async def test_a_delta_touches_what_is_in_it(bring: Import, empty_database: Urls, rows: Rows) -> None:
    await bring(sound())
    born = [row("stu-2", birthDate="2010-02-16", sex="male")]
    report = await bring({"demographics": born}, mode="delta", institution="NORTH")
    assert report.institutions[0].as_dict()["tables"] == {"student": {"inserted": 0, "updated": 1, "deleted": 0}}
    assert await rows("SELECT date_of_birth FROM student WHERE first_name = 'Ravi'") == [(datetime.date(2010, 2, 16),)]


async def test_a_delta_adds_a_class_of_a_course_known_before(bring: Import, rows: Rows) -> None:
    await bring(sound())
    added = {**sound()["classes"][0], "sourcedId": "cls-3", "title": "Science 9C", "classCode": "9C"}
    enrolled = {**sound()["enrollments"][0], "sourcedId": "enr-3c", "classSourcedId": "cls-3"}
    await bring({"classes": [added], "enrollments": [enrolled]}, mode="delta")
    assert await rows(
        "SELECT c.section, s.name, count(e.id) FROM course c JOIN subject s ON s.id = c.subject_id"
        " JOIN enrollment e ON e.course_id = c.id WHERE c.name = 'Science 9C' GROUP BY 1, 2"
    ) == [("C", "Science", 1)]


async def test_a_new_part_of_a_year_takes_its_place_in_the_order(bring: Import, rows: Rows) -> None:
    await bring(sound())
    part = row(
        "as-m", title="Mid term", type="term", startDate="2024-09-01", endDate="2024-10-31", parentSourcedId="as-y"
    )
    await bring({"academicSessions": [part]}, mode="delta", institution="NORTH")
    assert await rows("SELECT name, sequence, type FROM semester ORDER BY sequence") == [
        ("First semester", 1, "SEMESTER"),
        ("Mid term", 2, "TERM"),
        ("Second semester", 3, "SEMESTER"),
    ]


async def test_what_is_missing_in_a_bulk_file_stays(bring: Import, rows: Rows) -> None:
    await bring(sound())
    smaller = sound()
    del smaller["enrollments"][2], smaller["results"][2]
    report = await bring(smaller)
    assert report.institutions[0].outcome is Outcome.NO_CHANGE
    assert await rows("SELECT count(*) FROM grade") == [(3,)]


async def test_people_to_be_deleted_are_retired_and_come_back(bring: Import, rows: Rows) -> None:
    await bring(sound())
    tables = sound()
    marked(tables, "users", "stu-3", "gua-2", "tea-2")
    await bring(tables)
    retired = "SELECT count(*) FILTER (WHERE deleted_at IS NOT NULL), count(*) FROM "
    assert await rows(retired + "student") == [(1, 3)]
    assert await rows(retired + "guardian") == [(1, 2)]
    assert await rows(retired + "app_user") == [(1, 2)]
    assert (await bring(tables)).institutions[0].outcome is Outcome.NO_CHANGE
    await bring(sound())
    assert await rows(retired + "student") == [(0, 3)]


async def test_who_was_retired_by_a_person_stays_retired(bring: Import, rows: Rows) -> None:
    await bring(sound())
    await rows("UPDATE student SET deleted_at = now() WHERE first_name = 'Meera'")
    await rows("DELETE FROM audit_log WHERE table_name = 'student' AND operation = 'UPDATE'")
    report = await bring(sound())
    assert report.institutions[0].outcome is Outcome.NO_CHANGE
    assert [(each.code, each.line) for each in report.findings if each.code == "retired"] == [("retired", 4)]


async def test_an_enrolment_to_be_deleted_is_dropped(bring: Import, rows: Rows) -> None:
    await bring(sound())
    tables = sound()
    marked(tables, "enrollments", "enr-1")["dateLastModified"] = "2024-11-20T08:00:00.000Z"
    delta = {"enrollments": tables["enrollments"][:1]}
    await bring(delta, mode="delta")
    day = datetime.date(2024, 11, 20)
    assert await rows(
        "SELECT e.status, e.end_date, e.drop_date, e.drop_reason, p.name FROM enrollment e"
        " JOIN semester p ON p.id = e.drop_semester_id"
    ) == [("DROPPED", day, day, "UNKNOWN", "Second semester")]
    assert (await bring(delta, mode="delta")).institutions[0].outcome is Outcome.NO_CHANGE


async def test_an_enrolment_that_a_person_dropped_stays_dropped(bring: Import, rows: Rows) -> None:
    await bring(sound())
    await rows(
        "UPDATE enrollment SET status = 'DROPPED', drop_reason = 'Moved', drop_date = '2024-12-01',"
        " end_date = '2024-12-01' WHERE id = (SELECT min(record_id) FROM external_id WHERE value = 'enr-3')"
    )
    report = await bring(sound())
    assert report.institutions[0].outcome is Outcome.NO_CHANGE
    assert [(each.line, each.value) for each in report.findings if each.code == "dropped"] == [(4, "Moved")]


async def test_a_result_to_be_deleted_is_deleted_with_its_sourced_id(bring: Import, rows: Rows) -> None:
    await bring(sound())
    tables = sound()
    marked(tables, "results", "res-2")
    report = await bring(tables)
    counts = report.institutions[0].as_dict()["tables"]
    assert counts == {
        "external_id": {"inserted": 0, "updated": 0, "deleted": 1},
        "grade": {"inserted": 0, "updated": 0, "deleted": 1},
    }
    assert await rows(
        "SELECT before ->> 'score' FROM audit_log WHERE operation = 'DELETE' AND table_name = 'grade'"
    ) == [("8.0000",)]
    assert (await bring(tables)).institutions[0].outcome is Outcome.NO_CHANGE


async def test_what_is_still_referred_to_is_not_deleted(bring: Import, rows: Rows) -> None:
    await bring(sound())
    tables = sound()
    marked(tables, "lineItems", "li-1")
    marked(tables, "results", "res-1")
    report = await bring(tables)
    assert [(each.file, each.line) for each in report.findings if each.code == "in_use"] == [("lineItems.csv", 2)]
    marked(tables, "results", "res-2")
    await bring(tables)
    assert await rows("SELECT title, count(*) FROM assessment GROUP BY 1") == [("Midterm", 1)]


async def test_a_class_to_be_deleted_is_retired(bring: Import, rows: Rows) -> None:
    await bring(sound())
    tables = sound()
    marked(tables, "classes", "cls-2")
    await bring({"classes": tables["classes"][1:]}, mode="delta")
    assert await rows("SELECT name FROM course WHERE deleted_at IS NOT NULL") == [("Science 9B",)]


async def test_a_guardian_who_is_no_longer_named_is_unlinked(bring: Import, rows: Rows) -> None:
    await bring(sound())
    await rows(
        "INSERT INTO student_guardian (institution_id, student_id, guardian_id, relation)"
        " SELECT s.institution_id, s.id, g.id, 'AUNT_UNCLE' FROM student s, guardian g"
        " WHERE s.first_name = 'Meera' AND g.first_name = 'Lata'"
    )
    tables = sound()
    tables["users"][1]["agentSourcedIds"] = ""
    await bring(tables)
    assert await rows(
        "SELECT s.first_name, g.first_name FROM student_guardian l JOIN student s ON s.id = l.student_id"
        " JOIN guardian g ON g.id = l.guardian_id ORDER BY 1, 2"
    ) == [("Asha", "Lata"), ("Meera", "Lata"), ("Meera", "Mohan")]


async def test_nobody_else_is_touched(bring: Import, empty_database: Urls, rows: Rows) -> None:
    await bring(sound())
    other = sound()
    for each in other.values():
        for line in each:
            line.update({column: value.replace("org-1", "org-2") for column, value in line.items()})
    other["orgs"][1].update(name="East School", identifier="EAST")
    before = await rows("SELECT * FROM student ORDER BY id")
    report = await bring(other)
    assert [each.code for each in report.institutions] == ["EAST"]
    assert (await rows("SELECT * FROM student ORDER BY id"))[:3] == before
    assert await rows("SELECT count(DISTINCT institution_id), count(*) FROM student") == [(2, 6)]
    unchanged = await checksums(empty_database)
    assert (await bring(other)).institutions[0].outcome is Outcome.NO_CHANGE
    assert await checksums(empty_database) == unchanged
