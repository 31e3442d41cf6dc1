"""Printed reports hold the figures that the API gives, in both languages, for a class as for one student."""

import datetime
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from app.printing.style import Style
from app.printing.wanted import Format, Kind
from app.printing.words import words_of
from models import Role
from resolvers.errors import DomainError, Invalid, NotFound
from tests.conftest import Execute, School
from tests.factories import gid
from tests.printing.big_class import BigClass
from tests.printing.conftest import Print
from tests.printing.reading import pages, rows
from tests.reports.worked_school import HAND, WorkedSchool, worked_school

# A report of a class takes as many, however many students and subjects it has.
MOST_STATEMENTS = {Kind.CARD: 18, Kind.CLASS: 16, Kind.ATTENDANCE: 26}
SUMMER = {"since": datetime.date(2025, 7, 1), "to": datetime.date(2025, 9, 30)}
MATRIX = """query($course: ID!, $semester: ID!) { courseGradeMatrix(course: $course, semester: $semester) { rows {
    student { fullName studentNumber } average rank subjects { average } } } }"""
ATTENDANCE = """query($course: ID!) { attendanceReport(course: $course, from: "2025-07-01", to: "2025-09-30") {
    students { student { fullName } expected present late excused absent unmarked notTaken percentage } } }"""


@pytest.fixture
async def made(session: AsyncSession, school: School) -> WorkedSchool:
    return await worked_school(session, school)


def keys(made: WorkedSchool, course: Any = None) -> dict[str, str]:
    return {"course": gid(course or made.course), "semester": gid(made.semester)}


@pytest.mark.parametrize("language", ["en", "de"])
async def test_a_card_has_every_figure_of_the_student(prints: Print, made: WorkedSchool, language: str) -> None:
    style = Style(words_of(language), "dd-MM-yyyy")
    found = await prints(Kind.CARD, **keys(made), language=language)
    cards = dict(zip(HAND, pages(found.written(Format.PDF)), strict=True))
    for name, (averages, overall, letter, rank, _, missing, _) in HAND.items():
        texts = [style.fixed(each, 2) for each in averages.values()]
        ranked = style.words.rank_of.format(rank=rank, ranked=5) if rank else style.words.not_ranked
        texts += [name, style.fixed(overall, 2), letter or "\u2013", ranked, style.words.report_card]
        assert [text for text in texts if text not in cards[name]] == [], name
        assert (style.words.note_missing in cards[name]) == bool(missing), name


async def test_a_class_of_forty_is_one_file_with_a_sheet_each(prints: Print, tenth: BigClass, execute: Execute) -> None:
    found = await prints(Kind.CARD, **tenth.ids)
    sheets = pages(found.written(Format.PDF))
    asked = (await execute(MATRIX, **tenth.ids)).found["courseGradeMatrix"]["rows"]
    style = Style(words_of("en"), "dd-MM-yyyy")
    assert (len(sheets), len(asked)) == (40, 40)
    for sheet, row in zip(sheets, asked, strict=True):
        figures = [row["average"], *(each["average"] for each in row["subjects"])]
        texts = [row["student"]["studentNumber"], *(style.fixed(each, 2) for each in figures)]
        assert [text for text in texts if text not in sheet] == [], row["student"]
    assert found.statements <= MOST_STATEMENTS[Kind.CARD]
    assert (found.purpose, len(found.students)) == ("PrintedReportCards", 40)


async def test_a_class_at_a_glance_has_every_figure(prints: Print, tenth: BigClass, execute: Execute) -> None:
    found = await prints(Kind.CLASS, **tenth.ids, language="de")
    text = " ".join(pages(found.written(Format.PDF)))
    asked = (await execute(MATRIX, **tenth.ids)).found["courseGradeMatrix"]["rows"]
    figures = {row["average"] for row in asked} | {each["average"] for row in asked for each in row["subjects"]}
    style = Style(words_of("de"), "dd-MM-yyyy")
    assert [each for each in figures if style.fixed(each, 2) not in text] == []
    assert style.words.distribution in text
    assert found.statements <= MOST_STATEMENTS[Kind.CLASS]


async def test_the_attendance_of_a_class_has_every_figure(prints: Print, tenth: BigClass, execute: Execute) -> None:
    found = await prints(Kind.ATTENDANCE, course=tenth.ids["course"], **SUMMER)
    asked = (await execute(ATTENDANCE, course=tenth.ids["course"])).found["attendanceReport"]["students"]
    (header, *lines) = rows(found.written(Format.CSV))
    assert header[2:10] == ["Expected", "Present", "Late", "Excused", "Absent", "Unmarked", "Not taken", "Attendance"]
    assert header[10:] == ["Attendance Jul 2025", "Attendance Aug 2025", "Attendance Sep 2025"]
    names = ("expected", "present", "late", "excused", "absent", "unmarked", "notTaken", "percentage")
    assert [[line[1], *line[2:10]] for line in lines] == [
        [each["student"]["fullName"], *(each[name] for name in names)] for each in asked
    ]
    text = " ".join(pages(found.written(Format.PDF)))
    assert all(f"{month} 2025" in text for month in ("July", "August", "September"))
    assert found.statements <= MOST_STATEMENTS[Kind.ATTENDANCE]


async def test_as_many_statements_for_one_student_as_for_a_class(prints: Print, made: WorkedSchool) -> None:
    counts = [(await prints(Kind.CLASS, **keys(made, each))).statements for each in (made.course, made.unmarked)]
    assert max(counts) <= MOST_STATEMENTS[Kind.CLASS]
    gita = await prints(Kind.CARD, **keys(made), student=gid(made.students["Gita"]))
    assert gita.statements <= MOST_STATEMENTS[Kind.CARD]
    assert gita.students == {made.students["Gita"].id}


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("kind", [Kind.CARD, Kind.CLASS])
async def test_an_empty_class(prints: Print, made: WorkedSchool, kind: Kind, language: str) -> None:
    found = await prints(kind, **keys(made, made.empty), language=language)
    (page,) = pages(found.written(Format.PDF))
    assert words_of(language).nobody in page
    assert len(rows(found.written(Format.CSV), ";" if language == "de" else ",")) == 1


async def test_a_course_without_marks(prints: Print, made: WorkedSchool) -> None:
    (card,) = pages((await prints(Kind.CARD, **keys(made, made.unmarked))).written(Format.PDF))
    (overview,) = pages((await prints(Kind.CLASS, **keys(made, made.unmarked))).written(Format.PDF))
    assert "There are no subjects and no marks." in card
    assert "not ranked" in card
    assert "Gita" in overview


async def test_a_course_without_attendance(prints: Print, made: WorkedSchool) -> None:
    found = await prints(Kind.ATTENDANCE, course=gid(made.course), **SUMMER)
    (page,) = pages(found.written(Format.PDF))
    assert "No attendance was expected in this period." in page


async def test_who_left_has_a_card_without_a_rank(prints: Print, made: WorkedSchool) -> None:
    found = await prints(Kind.CARD, **keys(made), student=gid(made.students["Deepak"]))
    (page,) = pages(found.written(Format.PDF))
    assert "100.00" in page
    assert "not ranked" in page
    assert "Left the class before the end of the term" in page


async def test_the_school_decides_language_and_days(
    prints: Print, session: AsyncSession, school: School, made: WorkedSchool
) -> None:
    from sqlalchemy import update

    from models import ConfigurationSetting

    setting = ConfigurationSetting
    for key, value in (("LANGUAGE", "de-AT"), ("DATE_FORMAT", "d. MMMM yyyy")):
        of = setting.institution_id == school.id, setting.key == key
        await session.execute(update(setting).where(*of).values(value=value))
    found = await prints(Kind.CARD, **keys(made), viewer=school.viewer(Role.REPORTER))
    page = pages(found.written(Format.PDF))[0]
    assert "Zeugnis" in page
    assert "1. Juni 2025 bis 31. Oktober 2025" in page


@pytest.mark.parametrize(
    ("change", "error", "field"),
    [({"course": "crs_999999"}, NotFound, "course"), ({"semester": "sem_999999"}, NotFound, "semester"),
     ({"student": "stu_999999"}, NotFound, "student"), ({"course": "stu_1"}, Invalid, "id"),
     ({"semester": None}, Invalid, "semester"), ({"language": "xx"}, Invalid, "language")],
    ids=["course", "semester", "student", "id", "missing", "language"],
)  # fmt: skip
async def test_what_is_not_there_is_named(
    prints: Print, made: WorkedSchool, change: dict[str, Any], error: type[DomainError], field: str
) -> None:
    with pytest.raises(error) as refused:
        await prints(Kind.CARD, **(keys(made) | change))
    assert refused.value.field == field
