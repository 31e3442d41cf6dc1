"""The texts of printed reports, a table for each language: `words/en.toml`. Another language is another file."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).parent / "words"
STANDARD = "en"


@dataclass(frozen=True)
class Words:
    """Every text of one language. Those in braces are filled in."""

    language: str
    decimal_mark: str
    months: tuple[str, ...]
    short_months: tuple[str, ...]

    report_card: str
    class_overview: str
    attendance_sheet: str

    student: str
    student_number: str
    course: str
    grade_level: str
    semester: str
    teacher: str
    period: str
    class_size: str

    subject: str
    coefficient: str
    average: str
    letter: str
    passed: str
    rank: str
    missing: str
    yes: str
    no: str
    exempt: str
    exempt_short: str
    overall: str
    rank_of: str
    not_ranked: str
    mean: str
    highest: str
    lowest: str
    students: str

    distribution: str
    no_average: str
    to: str
    per_subject: str

    attendance: str
    expected: str
    present: str
    late: str
    excused: str
    absent: str
    unmarked: str
    not_taken: str
    short_present: str
    short_late: str
    short_excused: str
    short_absent: str
    percentage: str
    days: str
    total: str
    by_month: str
    share_by_month: str

    note_pass_mark: str
    note_missing: str
    note_exempt: str
    note_no_mark: str
    note_scale: str
    note_left: str
    note_some: str
    note_days: str
    note_taken: str
    note_marked: str
    note_expected: str
    note_through: str
    nobody: str
    nothing_expected: str
    no_subjects: str

    signature_teacher: str
    signature_head: str
    signature_guardian: str
    comment_teacher: str
    comment_head: str
    comments: str
    school: str
    scale: str
    published: str
    taken_back: str
    superseded: str
    drifted: str
    draft: str
    checksum: str

    printed: str
    page: str


@lru_cache
def languages() -> Mapping[str, Words]:
    """All languages that there are, by code. Raises TypeError naming the file where a text is missing or unknown."""
    return {path.stem: read(path) for path in sorted(FOLDER.glob("*.toml"))}


def read(path: Path) -> Words:
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    names = {each.name for each in fields(Words)} - {"language"}
    if wrong := sorted(names ^ table.keys()):
        raise TypeError(f"{path.name}: {', '.join(wrong)}: missing, or not a text of the reports")
    for name in ("months", "short_months"):
        table[name] = tuple(table[name])
        if len(table[name]) != 12:
            raise TypeError(f"{path.name}: {name}: {len(table[name])} months")
    return Words(language=path.stem, **table)


def words_of(language: str) -> Words:
    """The texts of a language such as `de` or `de-AT`; English where it has none."""
    known = languages()
    return known.get(language.partition("-")[0].lower(), known[STANDARD])
