"""The texts of reports: every language has each of them, and another language is another file."""

import re
import shutil
from dataclasses import asdict
from pathlib import Path

import pytest

from app.printing.style import Style
from app.printing.words import FOLDER, languages, read, words_of

pytestmark = pytest.mark.any_database


def blanks(text: object) -> list[str]:
    return sorted(re.findall(r"\{\w*\}", str(text)))


def test_every_language_has_every_text_with_the_same_blanks() -> None:
    english = asdict(languages()["en"])
    assert languages().keys() == {"en", "de"}
    for words in languages().values():
        found = asdict(words)
        assert [name for name, text in found.items() if not text] == []
        assert {name: blanks(text) for name, text in found.items()} == {
            name: blanks(text) for name, text in english.items()
        }


def test_the_languages_differ() -> None:
    """A text that was forgotten would still be English."""
    english, german = (asdict(languages()[code]) for code in ("en", "de"))
    same = {name for name, text in english.items() if text == german[name]}
    assert same == {"short_excused"}


def test_another_language_is_another_file(tmp_path: Path) -> None:
    path = tmp_path / "fr.toml"
    shutil.copy(FOLDER / "en.toml", path)
    path.write_text(path.read_text().replace('report_card = "Report card"', 'report_card = "Bulletin"'))
    assert (read(path).language, read(path).report_card) == ("fr", "Bulletin")


@pytest.mark.parametrize(
    ("line", "message"),
    [("", "fr.toml: student: missing, or not a text of the reports"),
     ('student = "x"\nstudents_name = "x"\n', "fr.toml: students_name: missing, or not a text of the reports")],
    ids=["missing", "unknown"],
)  # fmt: skip
def test_a_language_that_is_not_complete_is_named(tmp_path: Path, line: str, message: str) -> None:
    path = tmp_path / "fr.toml"
    path.write_text((FOLDER / "en.toml").read_text().replace('student = "Student"\n', line))
    with pytest.raises(TypeError, match=re.escape(message)):
        read(path)


@pytest.mark.parametrize(("setting", "language"), [("de", "de"), ("de-AT", "de"), ("en-GB", "en"), ("te-IN", "en")])
def test_the_language_of_a_school(setting: str, language: str) -> None:
    assert words_of(setting).language == language


@pytest.mark.parametrize(
    ("form", "english", "german"),
    [("dd-MM-yyyy", "05-03-2025", "05-03-2025"), ("d. MMMM yyyy", "5. March 2025", "5. März 2025"),
     ("MMM d, yy", "Mar 5, 25", "März 5, 25"), ("yyyy/M/d", "2025/3/5", "2025/3/5")],
    ids=["usual", "name", "short", "figures"],
)  # fmt: skip
def test_days_are_written_as_the_school_does(form: str, english: str, german: str) -> None:
    assert [Style(words_of(code), form).day("2025-03-05") for code in ("en", "de")] == [english, german]


def test_numbers_are_written_as_the_language_does() -> None:
    german = Style(words_of("de"), "dd-MM-yyyy")
    written = german.number("83.38"), german.fixed("83.4", 2), german.percent("56.25")
    assert written == (
        "83,38",
        "83,40",
        "56,25\xa0%",
    )
    assert (german.number(None), german.fixed(None, 2), german.percent(None)) == ("\u2013", "\u2013", "\u2013")
