"""The attendance of a course between two days: each student's figures, month by month, and day by day."""

import calendar
import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from app.printing.asking import Answers, Asker
from app.printing.letterhead import Letterhead, course_name, letterhead, of_course
from app.printing.parts import (
    Align,
    Block,
    Cell,
    Chart,
    Column,
    Content,
    Document,
    Notes,
    Records,
    Series,
    Sheet,
    Table,
    Tone,
)
from app.printing.register import Register
from app.printing.style import NOTHING, Style

PURPOSE = "PrintedAttendanceSheet"
DAYS = ("expected", "present", "late", "excused", "absent", "unmarked", "notTaken")
# A register of each day is printed for so many days; beyond them it is a book.
REGISTERED_DAYS = 93
# Millimetres that all months may take beside the names.
WIDEST_MONTHS = 200


@dataclass(frozen=True)
class Month:
    """A month, or the part of it that was asked for, with the figures of the course in it."""

    since: datetime.date
    to: datetime.date
    report: Answers

    @property
    def percentages(self) -> dict[str, str | None]:
        """By the students' ids."""
        return {each["student"]["id"]: each["percentage"] for each in self.report["students"]}


def months_between(since: datetime.date, to: datetime.date) -> list[tuple[datetime.date, datetime.date]]:
    """The months from a day to another, the first and the last as far as they are between them."""
    found = []
    while since <= to:
        end = since.replace(day=calendar.monthrange(since.year, since.month)[1])
        found.append((since, min(end, to)))
        since = end + datetime.timedelta(days=1)
    return found


async def attendance_sheet(
    ask: Asker, course: str, since: datetime.date, to: datetime.date, *, language: str | None = None
) -> Document:
    """Raises NotFound where the viewer sees no such course, and Invalid where the days are none or too many."""
    head = await letterhead(ask, language)
    about = await ask.found("Course", "course", course=course)
    days = {"course": course, "from": since.isoformat(), "to": to.isoformat()}
    report = (await ask("Attendance", **days))["attendanceReport"]
    months = []
    through = datetime.date.fromisoformat(report["through"]) if report["through"] else None
    for first, last in months_between(since, through) if through else []:
        part = {"course": course, "from": first.isoformat(), "to": last.isoformat()}
        months.append(Month(first, last, (await ask("AttendanceOfMonth", **part))["attendanceReport"]))
    sessions: list[Answers] = []
    if through and (through - since).days < REGISTERED_DAYS:
        sessions = (await ask("AttendanceByDay", **days))["attendanceReport"]["days"]
    return AttendanceSheet(head, about, since, to, report, months, Register(head.style, sessions)).document()


@dataclass(frozen=True)
class AttendanceSheet:
    """Makes a document of what was found."""

    head: Letterhead
    course: Answers
    since: datetime.date
    to: datetime.date
    report: Answers
    months: Sequence[Month]
    register: Register

    @property
    def style(self) -> Style:
        return self.head.style

    @property
    def students(self) -> Sequence[Answers]:
        found: Sequence[Answers] = self.report["students"]
        return found

    def document(self) -> Document:
        words = self.head.words
        period = f"{self.style.day(self.since)} {words.to} {self.style.day(self.to)}"
        sheets = [Sheet(words.attendance_sheet, period, self._blocks())]
        names = {each["student"]["id"]: each["student"]["fullName"] for each in self.students}
        for month in self.months if self.register.sessions else ():
            if table := self.register.table(month.since, month.to, names):
                blocks: list[Block] = [of_course(words, self.course), table, Notes([self.register.legend])]
                sheets.append(Sheet(words.attendance_sheet, self._named(month.since), blocks))
        about = [course_name(self.course), period]
        return self.head.document(words.attendance_sheet, about, sheets, self._records(), landscape=True)

    def _named(self, day: datetime.date) -> str:
        return f"{self.head.words.months[day.month - 1]} {day.year}"

    def _blocks(self) -> list[Block]:
        words = self.head.words
        blocks: list[Block] = [of_course(words, self.course, **{words.students: str(len(self.students))})]
        if not self.students:
            return [*blocks, Notes([words.nothing_expected])]
        return [*blocks, self._chart(), self._totals(), Notes(self._notes()), *self._by_month()]

    def _titles(self) -> list[str]:
        words = self.head.words
        return [getattr(words, {"notTaken": "not_taken"}.get(name, name)) for name in DAYS]

    def _chart(self) -> Chart:
        """The days of all students together, by what became of them, each always in its own colour."""
        words, names = self.head.words, DAYS[1:]
        totals = [month.report["total"] for month in self.months]
        series = [
            Series(title, [float(total[name]) for total in totals])
            for name, title in zip(names, self._titles()[1:], strict=True)
        ]
        return Chart(words.by_month, words.days, [self.style.month(month.since) for month in self.months], series)

    def _totals(self) -> Table:
        words = self.head.words
        columns = [Column(words.student), Column(words.student_number, 30)]
        columns += [Column(title, 21.5, Align.RIGHT) for title in (*self._titles(), words.percentage)]
        rows: list[list[Content]] = [
            [each["student"]["fullName"], each["student"]["studentNumber"] or NOTHING, *self._figures(each)]
            for each in self.students
        ]
        total = [Cell(words.total, Tone.STRONG), "", *self._figures(self.report["total"])]
        return Table(columns, rows, [total], title=words.attendance)

    def _figures(self, of: Answers) -> list[Content]:
        figures: list[Content] = [self.style.number(of[name]) for name in DAYS]
        return [*figures, Cell(self.style.percent(of["percentage"]), Tone.STRONG)]

    def _notes(self) -> list[str]:
        words, policy = self.head.words, self.report["rule"]["policy"].lower()
        lines = [words.note_days, getattr(words, f"note_{policy}")]
        if self.report["through"] != self.to.isoformat():
            lines.append(words.note_through.format(day=self.style.day(self.report["through"])))
        return [" ".join(lines)]

    def _by_month(self) -> list[Block]:
        if len(self.months) < 2:
            return []
        words = self.head.words
        parts = [month.percentages for month in self.months]
        columns = [
            Column(words.student),
            *(Column(self.style.month(each.since), 17, Align.RIGHT) for each in self.months),
        ]
        rows: list[list[Content]] = [
            [each["student"]["fullName"], *(self.style.fixed(part.get(each["student"]["id"]), 2) for part in parts)]
            for each in self.students
        ]
        totals = [self.style.fixed(month.report["total"]["percentage"], 2) for month in self.months]
        foot = [Cell(words.total, Tone.STRONG), *(Cell(text, Tone.STRONG) for text in totals)]
        return [Table(columns, rows, [foot], title=words.share_by_month)]

    def _records(self) -> Records:
        """A row for each student."""
        words = self.head.words
        months = [f"{words.percentage} {self.style.month(month.since)}" for month in self.months]
        columns = [words.student_number, words.student, *self._titles(), words.percentage, *months]
        rows = []
        for each in self.students:
            figures = [each[name] for name in (*DAYS, "percentage")]
            figures += [month.percentages.get(each["student"]["id"]) for month in self.months]
            texts = ["" if value is None else self.style.number(value) for value in figures]
            rows.append([each["student"]["studentNumber"] or "", each["student"]["fullName"], *texts])
        return Records(columns, rows)
