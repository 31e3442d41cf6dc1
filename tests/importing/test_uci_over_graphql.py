"""The two UCI schools, imported and read back through GraphQL: every known figure, and nothing of the other school."""

import csv
import datetime
import re
from collections import Counter
from decimal import Decimal

import orjson
import pytest

from app.importing.attendance import import_attendance
from app.importing.oneroster import import_oneroster
from app.importing.report import Outcome
from models import Base
from tests.importing.uci import ABSENCES, DATA, FILES, PACKAGE, PERIODS, Uci
from tests.schema_map import fragments, lists, planned_leaves, type_of

pytestmark = [
    pytest.mark.skipif(not PACKAGE.exists(), reason=f"THE UCI SCHOOLS ARE NOT TESTED: there is no {PACKAGE}"),
    pytest.mark.any_database,
]

# students, means of G1, G2, G3 to four decimals, absences: computed from the original files.
KNOWN = {
    ("GP", "Mathematics"): (349, "10.9398", "10.7822", "10.4900", 2082),
    ("MS", "Mathematics"): (46, "10.6739", "10.1957", "9.8478", 173),
    ("GP", "Portuguese"): (423, "11.9858", "12.1442", "12.5768", 1783),
    ("MS", "Portuguese"): (226, "10.3009", "10.4956", "10.6504", 592),
}
FIGURES = """query ($name: String!) { subjects(where: { name: { eq: $name } }) { nodes {
    courses { course {
        enrollments { student { id } }
        grades { score semester { name } }
        attendance(where: { status: { eq: ABSENT } }) { id } } } } } }"""
DEPTH = 3


async def test_a_district_s_schools_are_institutions(uci: Uci) -> None:
    assert set(uci.schools) == {"GP", "MS"}


@pytest.mark.parametrize(("code", "subject"), KNOWN, ids=[f"{code} {subject}" for code, subject in KNOWN])
async def test_counts_and_means_are_those_of_the_original_files(uci: Uci, code: str, subject: str) -> None:
    (found,) = (await uci.ask(code, FIGURES, name=subject))["subjects"]["nodes"]
    courses = [each["course"] for each in found["courses"]]
    marks = [mark for course in courses for mark in course["grades"]]

    means = []
    for period in PERIODS:
        scores = [Decimal(mark["score"]) for mark in marks if mark["semester"]["name"] == period]
        means.append(str(round(sum(scores, Decimal(0)) / len(scores), 4)))
    students = [each["student"]["id"] for course in courses for each in course["enrollments"]]
    absences = sum(len(course["attendance"]) for course in courses)
    assert (len(students), *means, absences) == KNOWN[code, subject]


async def test_importing_again_changes_nothing(uci: Uci) -> None:
    again = await import_oneroster(uci.urls, PACKAGE)
    marks = await import_attendance(uci.urls, ABSENCES)

    assert {each.outcome for each in [*again.institutions, *marks.institutions]} == {Outcome.NO_CHANGE}


@pytest.mark.parametrize("model", lists(), ids=type_of)
async def test_no_path_from_one_school_leads_to_the_other(uci: Uci, model: type[Base]) -> None:
    kind, name = type_of(model), lists()[model]
    rows = f"{name}(first: 2) {{ totalCount nodes {{ ...{kind}{DEPTH} }} }}"

    answer = orjson.dumps(await uci.ask("GP", f"{{ {rows} }} {fragments(model, DEPTH, planned_leaves)}")).decode()

    ids = {f"{prefix}_{key}" for prefix, key in re.findall(r'"([a-z]{3})_(?:\d{8}_)?(\d+)"', answer)}
    assert ids.isdisjoint(uci.foreign)
    assert not re.search(r"Mousinho|-MS-|\bMS-\d|org-MS", answer)


async def test_the_walk_would_find_the_other_school(uci: Uci) -> None:
    answer = orjson.dumps(await uci.ask("MS", "{ students(first: 2) { nodes { id externalIds { value } } } }")).decode()

    assert set(re.findall(r"stu_\d+", answer)) <= uci.foreign


async def test_a_mark_on_the_last_day_of_an_enrolment_counts_as_inside(uci: Uci) -> None:
    document = """{ grades(first: 1, where: { date: { eq: "2006-06-23" } }) { totalCount nodes { date
        student { enrollments { endDate } } } } }"""

    found = (await uci.ask("GP", document))["grades"]

    assert found["totalCount"] == 349 + 423
    assert {each["endDate"] for each in found["nodes"][0]["student"]["enrollments"]} == {"2006-06-23"}
    assert datetime.date.fromisoformat(found["nodes"][0]["date"]) == datetime.date(2006, 6, 23)


async def test_absences_are_those_of_the_original_files_student_by_student(uci: Uci) -> None:
    """Each student's absences in a subject, all of them on days that were expected."""
    document = """query ($course: ID!) {
        attendanceSummary(course: $course, from: "2005-08-01", to: "2006-07-31") { absent unexpected }
        attendanceReport(course: $course, from: "2005-08-01", to: "2006-07-31") { students { absent } } }"""
    courses = (
        "query ($name: String!) { subjects(where: { name: { eq: $name } }) { nodes { courses { course { id } } } } }"
    )
    for (code, subject), known in KNOWN.items():
        with (DATA / FILES[subject]).open(newline="") as file:
            original = [row for row in csv.DictReader(file) if row["school"] == code]
        (node,) = (await uci.ask(code, courses, name=subject))["subjects"]["nodes"]

        found = [await uci.ask(code, document, course=each["course"]["id"]) for each in node["courses"]]

        students = [each["absent"] for answer in found for each in answer["attendanceReport"]["students"]]
        assert Counter(students) == Counter(row["absences"] for row in original)
        totals = [answer["attendanceSummary"] for answer in found]
        assert sum(int(each["absent"]) for each in totals) == sum(int(row["absences"]) for row in original) == known[4]
        assert {each["unexpected"] for each in totals} == {"0"}
