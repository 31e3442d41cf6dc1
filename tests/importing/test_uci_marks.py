"""Reports of marks on the two UCI schools, against what the original files say when they are added up by themselves."""

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from tests.importing.uci import DATA, FILES, PACKAGE, PERIODS, Uci

pytestmark = [
    pytest.mark.skipif(not PACKAGE.exists(), reason=f"THE UCI SCHOOLS ARE NOT TESTED: there is no {PACKAGE}"),
    pytest.mark.any_database,
]
COLUMNS = dict(zip(PERIODS, ("G1", "G2", "G3"), strict=True))
EACH = [(code, subject, period) for code in ("GP", "MS") for subject in FILES for period in PERIODS]
NAMES = [" ".join(each) for each in EACH]
KEYS = """query ($name: String!) {
    subjects(where: { name: { eq: $name } }) { nodes { id } } semesters { nodes { id name } } }"""
RANKING = """query ($semester: ID!, $subject: ID!, $first: Int!, $method: RankMethod!) {
    ranking(semester: $semester, subject: $subject, first: $first, method: $method) {
        ranked mean rows { rank average exact student { id } } } }"""


@dataclass(frozen=True)
class Marks:
    """The marks of one school, subject and period in the file, the best first."""

    values: list[int]

    @property
    def mean(self) -> Fraction:
        return Fraction(sum(self.values), len(self.values))

    def places(self) -> Iterator[tuple[int, int, str]]:
        """Competition rank, dense rank and mark of each."""
        for value in self.values:
            better = [each for each in self.values if each > value]
            yield 1 + len(better), 1 + len(set(better)), str(value)


def original(code: str, subject: str, period: str) -> Marks:
    with (DATA / FILES[subject]).open(newline="") as file:
        marks = [int(row[COLUMNS[period]]) for row in csv.DictReader(file) if row["school"] == code]
    return Marks(sorted(marks, reverse=True))


async def ranking(uci: Uci, code: str, subject: str, period: str, **values: Any) -> dict[str, Any]:
    keys = await uci.ask(code, KEYS, name=subject)
    (semester,) = [each["id"] for each in keys["semesters"]["nodes"] if each["name"] == period]
    given = {"subject": keys["subjects"]["nodes"][0]["id"], "semester": semester, "first": 10_000} | values
    return (await uci.ask(code, RANKING, **given))["ranking"]  # type: ignore[no-any-return]


@pytest.mark.parametrize(("code", "subject", "period"), EACH, ids=NAMES)
async def test_means_ranks_and_averages_are_those_of_the_files(uci: Uci, code: str, subject: str, period: str) -> None:
    wanted = original(code, subject, period)

    competition = await ranking(uci, code, subject, period, method="COMPETITION")
    dense = await ranking(uci, code, subject, period, method="DENSE")

    assert competition["ranked"] == len(competition["rows"]) == len(wanted.values)
    found = zip(competition["rows"], dense["rows"], strict=True)
    assert [(one["rank"], other["rank"], one["average"]) for one, other in found] == list(wanted.places())
    assert all(row["exact"] == row["average"] for row in competition["rows"])
    # The quotient of whole numbers to its sixtieth decimal.
    assert abs(Fraction(Decimal(competition["mean"])) - wanted.mean) <= Fraction(1, 2 * 10**60)


@pytest.mark.parametrize(("code", "subject", "period"), EACH, ids=NAMES)
async def test_the_ten_best_are_the_ten_best(uci: Uci, code: str, subject: str, period: str) -> None:
    wanted = original(code, subject, period)

    found = await ranking(uci, code, subject, period, first=10, method="COMPETITION")

    assert [int(row["average"]) for row in found["rows"]] == wanted.values[:10]
    students = [row["student"]["id"] for row in found["rows"]]
    assert len(set(students)) == 10
    whole = await ranking(uci, code, subject, period, method="COMPETITION")
    assert students == [row["student"]["id"] for row in whole["rows"][:10]]


# Who agrees in all of these in both files is one student: the package numbers them in this order.
HOUSEHOLD = ["school", "sex", "age", "address", "famsize", "Pstatus", "Medu", "Fedu", "Mjob", "Fjob", "reason"]
HOUSEHOLD += ["guardian", "nursery", "internet"]
SCHOOL = """query ($semester: ID!, $first: Int!) { ranking(semester: $semester, first: $first) {
    ranked mean rows { rank average subjectCount student { externalIds { value } } } } }"""


def everybody(code: str, period: str) -> dict[str, list[int]]:
    """The marks of each student of a school, of one subject or both, by the id in the package."""
    numbers: dict[tuple[str, ...], list[str]] = {}
    found: dict[str, list[int]] = {}
    for name in FILES.values():
        seen: Counter[tuple[str, ...]] = Counter()
        with (DATA / name).open(newline="") as file:
            for row in csv.DictReader(file):
                same = numbers.setdefault(key := tuple(row[column] for column in HOUSEHOLD), [])
                if seen[key] == len(same):
                    same.append(f"stu-{sum(map(len, numbers.values())) + 1:04}")
                if row["school"] == code:
                    found.setdefault(same[seen[key]], []).append(int(row[COLUMNS[period]]))
                seen[key] += 1
    return found


@pytest.mark.parametrize(("code", "period"), [(code, period) for code in ("GP", "MS") for period in PERIODS])
async def test_a_school_is_ranked_as_its_files_say(uci: Uci, code: str, period: str) -> None:
    """Every student by the mean of the one or two marks; the ten best are the first ten of all."""
    marks = everybody(code, period)
    means = {student: Fraction(sum(each), len(each)) for student, each in marks.items()}
    semesters = (await uci.ask(code, "{ semesters { nodes { id name } } }"))["semesters"]["nodes"]
    (semester,) = [each["id"] for each in semesters if each["name"] == period]

    whole, best = [(await uci.ask(code, SCHOOL, semester=semester, first=first))["ranking"] for first in (10_000, 10)]

    found = {}
    for row in whole["rows"]:
        (student,) = [each["value"] for each in row["student"]["externalIds"] if each["value"] in means]
        found[student] = row["rank"], Fraction(row["average"]), row["subjectCount"]
    all_means = sorted(means.values(), reverse=True)
    ranks = {mean: 1 + sum(other > mean for other in all_means) for mean in set(all_means)}
    assert found == {student: (ranks[mean], mean, len(marks[student])) for student, mean in means.items()}
    assert whole["ranked"] == len(means)
    assert abs(Fraction(Decimal(whole["mean"])) - sum(all_means, Fraction(0)) / len(means)) <= Fraction(1, 2 * 10**60)
    assert best["rows"] == whole["rows"][:10]
    assert [Fraction(row["average"]) for row in best["rows"]] == all_means[:10]


@pytest.mark.parametrize("code", ["GP", "MS"])
async def test_a_class_adds_up_to_its_marks(uci: Uci, code: str) -> None:
    """Each course of the school, by its matrix: every student's average is the student's mark."""
    document = """{
        semesters { nodes { id name } }
        courses(first: 100) { nodes { id grades(where: { scoreStatus: { eq: FULLY_GRADED } }) {
            score student { id } semester { name } } } } }"""
    matrix = """query ($course: ID!, $semester: ID!) { courseGradeMatrix(course: $course, semester: $semester) {
        rows { average student { id } } } }"""
    found = await uci.ask(code, document)
    for semester in found["semesters"]["nodes"]:
        for course in found["courses"]["nodes"]:
            answer = await uci.ask(code, matrix, course=course["id"], semester=semester["id"])
            marks = {
                grade["student"]["id"]: grade["score"]
                for grade in course["grades"]
                if grade["semester"]["name"] == semester["name"]
            }
            rows = {row["student"]["id"]: row["average"] for row in answer["courseGradeMatrix"]["rows"]}
            assert {student: average for student, average in rows.items() if average is not None} == marks
