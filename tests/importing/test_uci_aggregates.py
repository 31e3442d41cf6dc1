"""Aggregates of the two UCI schools equal what the original files give."""

import csv
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest

from tests.importing.uci import DATA, FILES, PACKAGE, PERIODS, Uci

pytestmark = [
    pytest.mark.skipif(not PACKAGE.exists(), reason=f"THE UCI SCHOOLS ARE NOT TESTED: there is no {PACKAGE}"),
    pytest.mark.any_database,
]

DOCUMENT = """query ($by: [AggregateBy!]!) { schoolYears { nodes { id } }
    aggregate(of: GRADES, groupBy: $by) {
        smallest complete
        totals { subject { name } semester { name } students count percentage }
        groups { subject { name } semester { name } gender students count percentage } } }"""
SEX = {"F": "FEMALE", "M": "MALE"}


def _mean(rows: list[dict[str, str]], period: int) -> str:
    """In percent: marks are out of 20."""
    exact = 100 * sum((Decimal(row[f"G{period}"]) for row in rows), Decimal(0)) / 20 / len(rows)
    return f"{exact.quantize(Decimal('0.01'), ROUND_HALF_UP).normalize():f}"


def _expected(code: str, sexes: tuple[str, ...]) -> set[tuple[Any, ...]]:
    found = set()
    for subject, name in FILES.items():
        with (DATA / name).open(newline="") as file:
            rows = [row for row in csv.DictReader(file) if row["school"] == code]
        for sex in sexes:
            some = [row for row in rows if row["sex"] in sex]
            for number, period in enumerate(PERIODS, 1):
                found.add((subject, period, SEX.get(sex), len(some), len(some), _mean(some, number)))
    return found


def _told(groups: list[dict[str, Any]]) -> set[tuple[Any, ...]]:
    return {
        (
            each["subject"]["name"],
            each["semester"]["name"],
            each.get("gender"),
            each["students"],
            each["count"],
            each["percentage"],
        )
        for each in groups
    }


@pytest.mark.parametrize("code", ["GP", "MS"])
async def test_means_by_school_and_sex_are_those_of_the_original_files(uci: Uci, code: str) -> None:
    found = (await uci.ask(code, DOCUMENT, by=["GENDER"]))["aggregate"]

    assert (found["smallest"], found["complete"]) == (5, True)
    assert _told(found["groups"]) == _expected(code, ("F", "M"))
    assert _told(found["totals"]) == _expected(code, ("FM",))
