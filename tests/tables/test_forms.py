"""Values as a school writes them, and texts that no spreadsheet takes for a formula."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.tables.forms import Forms, harmless
from resolvers.institution.conventions import Conventions
from tests.tables.reading import bare

pytestmark = pytest.mark.any_database

KOLKATA = ZoneInfo("Asia/Kolkata")
DANGEROUS = [
    "=1+1",
    "+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1:A9)",
    "\t=1",
    "\r=1",
    "\tplain",
    "\rplain",
    "  =1",
    "\n=1",
    "\u00a0=1",
    "\ufeff=1",
    "\u200b+1-1",
    "\x01@x",
    "\uff1d1+1",
    "\uff0d1+1",
    "'=1",
    "''@x",
    "+1-2",
    "-",
    "=",
    "+91 98765 43210",
    "-5 marks",
    "+1e5",
]
HARMLESS = [
    "",
    "Asha",
    "-5",
    "+5",
    "-5.25",
    "+919876543210",
    "-5,25",
    "a=1",
    "5-3",
    "'",
    "'quoted'",
    "O'Brien",
    " ",
    "1@x",
]


@pytest.mark.parametrize("text", DANGEROUS)
def test_what_a_spreadsheet_would_carry_out_stands_behind_an_apostrophe(text: str) -> None:
    assert harmless(text) == f"'{text}"
    assert bare(harmless(text)) == text


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_harmless_stays_as_it_is(text: str) -> None:
    assert harmless(text) == text
    assert bare(harmless(text)) == text


@pytest.mark.parametrize(
    ("pattern", "language", "expected"),
    [
        ("dd-MM-yyyy", "en", "05-03-2026"),
        ("d.M.yy", "de", "5.3.26"),
        ("yyyy/MM/dd", "en", "2026/03/05"),
        ("d MMMM yyyy", "fr", "5 mars 2026"),
        ("MMM d, yyyy", "en-GB", "Mar 5, 2026"),
        ("dd MMM yyyy", "tlh", "05 Mar 2026"),
        ("d MMMM yyyy", "hi", "5 मार्च 2026"),
    ],
)
def test_a_day_is_written_by_the_schools_pattern(pattern: str, language: str, expected: str) -> None:
    assert Forms(Conventions(pattern, language), KOLKATA).text("Date", "2026-03-05") == expected


@pytest.mark.parametrize(
    ("kind", "value", "english", "german"),
    [
        ("Decimal", "-12.50", "-12.50", "-12,50"),
        ("Decimal", "1E+3", "1000", "1000"),
        ("Float", 0.5, "0.5", "0,5"),
        ("Int", -7, "-7", "-7"),
        ("Boolean", True, "yes", "ja"),
        ("Boolean", False, "no", "nein"),
        ("DateTime", "2026-03-04T18:31:05.25+00:00", "05-03-2026 00:01:05", "05-03-2026 00:01:05"),
        ("String", "=1", "'=1", "'=1"),
        ("ID", "stu_1", "stu_1", "stu_1"),
        ("JSON", {"a": "ü"}, '{"a":"ü"}', '{"a":"ü"}'),
        ("JSON", -1, "-1", "-1"),
        ("JSON", "=1", '"=1"', '"=1"'),
        ("Decimal", None, "", ""),
        ("Decimal", ("1.5", None, "2"), "1.5; ; 2", "1,5; ; 2"),
        ("Int", (-1, -2), "'-1; -2", "'-1; -2"),
        ("String", ("=1", "b"), "'=1; b", "'=1; b"),
        ("String", (), "", ""),
    ],
)
def test_values_go_by_the_schools_language(kind: str, value: Any, english: str, german: str) -> None:
    found = [Forms(Conventions("dd-MM-yyyy", each), KOLKATA).text(kind, value) for each in ("en", "de")]
    assert found == [english, german]
