"""A class in a semester at a glance: students by subjects, how the averages are distributed, and each subject."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from app.printing.asking import Answers, Asker, absent
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
from app.printing.style import NOTHING

PURPOSE = "PrintedClassOverview"
# As many subjects as are legible side by side on A4.
SUBJECTS_A_TABLE = 16
STEPS = 10


async def class_overview(ask: Asker, course: str, semester: str, *, language: str | None = None) -> Document:
    """Raises NotFound where the viewer sees no such course or semester, and Invalid where an id is none."""
    head = await letterhead(ask, language)
    about = await ask("CourseInSemester", course=course, semester=semester)
    for name, key in (("course", course), ("semester", semester)):
        if about[name] is None:
            absent(name, key)
    answer = await ask("ClassOverview", course=course, semester=semester)
    matrix, summary = answer["courseGradeMatrix"], answer["courseGradeSummary"]
    return Overview(head, about["course"], about["semester"], matrix, summary).document()


@dataclass(frozen=True)
class Overview:
    """Makes a document of what was found; `summary` is None for who may not know of the class as a whole."""

    head: Letterhead
    course: Answers
    semester: Answers
    matrix: Answers
    summary: Answers | None

    @property
    def rows(self) -> Sequence[Answers]:
        found: Sequence[Answers] = self.matrix["rows"]
        return found

    @property
    def subjects(self) -> Mapping[str, str]:
        """Names by id, of all subjects in which somebody has a row, by name."""
        found = {each["subject"]["id"]: each["subject"]["name"] for row in self.rows for each in row["subjects"]}
        return dict(sorted(found.items(), key=lambda item: (item[1], item[0])))

    def _average(self, value: str | None) -> str:
        return self.head.style.fixed(value, self.rows[0]["explain"]["decimals"])

    def document(self) -> Document:
        words = self.head.words
        year = self.semester["schoolYear"]
        term = " · ".join([self.semester["name"], *([year["code"]] if year else [])])
        sheet = Sheet(words.class_overview, term, self._blocks())
        about = [course_name(self.course), self.semester["name"]]
        return self.head.document(words.class_overview, about, [sheet], self._records(), landscape=True)

    def _blocks(self) -> list[Block]:
        words = self.head.words
        size = {} if self.matrix["classSize"] is None else {words.class_size: str(self.matrix["classSize"])}
        blocks: list[Block] = [of_course(words, self.course, **size)]
        if not self.rows:
            return [*blocks, Notes([words.nobody])]
        names = list(self.subjects)
        parts = [names[at : at + SUBJECTS_A_TABLE] for at in range(0, len(names), SUBJECTS_A_TABLE)] or [[]]
        blocks += [self._table(part, last=part is parts[-1]) for part in parts]
        blocks.append(Notes(self._notes()))
        if any(row["average"] is not None for row in self.rows):
            blocks.append(self._distribution())
        return [*blocks, *self._by_subject()]

    def _table(self, subjects: Sequence[str], *, last: bool) -> Table:
        """Some of the subjects, and in the last part what the students have over all."""
        words = self.head.words
        columns = [Column(words.student), *(Column(self.subjects[key], 12.5, Align.RIGHT, True) for key in subjects)]
        if last:
            columns += [Column(words.overall, 14, Align.RIGHT, True), Column(words.letter, 10, Align.CENTER, True)]
            columns += [Column(words.rank, 10, Align.RIGHT, True), Column(words.missing, 10, Align.RIGHT, True)]
        rows = [[row["student"]["fullName"], *self._cells(row, subjects, last=last)] for row in self.rows]
        return Table(columns, rows, self._feet(subjects, 4 if last else 0))

    def _cells(self, row: Answers, subjects: Sequence[str], *, last: bool) -> list[Content]:
        number = self.head.style.number
        found = {each["subject"]["id"]: each for each in row["subjects"]}
        cells: list[Content] = [self._cell(found.get(key)) for key in subjects]
        if last:
            tone = Tone.FAILED if row["passed"] is False else Tone.STRONG
            overall = Cell(self._average(row["average"]) + ("*" if row["missing"] else ""), tone)
            cells += [overall, row["letter"] or NOTHING, number(row["rank"]), str(row["missing"] or "")]
        return cells

    def _cell(self, of: Answers | None) -> Content:
        if of is None:
            return ""
        if of["completeness"] == "EXEMPT":
            return self.head.words.exempt_short
        text = self._average(of["average"]) + ("*" if of["missing"] else "")
        return Cell(text, Tone.FAILED if of["passed"] is False else Tone.PLAIN)

    def _feet(self, subjects: Sequence[str], more: int) -> list[list[Content]]:
        """The mean of each subject, for who may know it."""
        if self.summary is None:
            return []
        means = {each["subject"]["id"]: each["mean"] for each in self.summary["subjects"]}
        cells = [Cell(self._average(means.get(key)), Tone.STRONG) for key in subjects]
        return [[Cell(self.head.words.mean, Tone.STRONG), *cells, *[""] * more]]

    def _notes(self) -> list[str]:
        words, number = self.head.words, self.head.style.number
        cells = [each for row in self.rows for each in row["subjects"]]
        lines = []
        if any(each["passed"] is False for each in (*cells, *self.rows)):
            lines.append(words.note_pass_mark.format(pass_mark=number(self.rows[0]["explain"]["passMark"])))
        if any(each["missing"] for each in cells):
            lines.append(words.note_missing)
        if any(each["completeness"] == "EXEMPT" for each in cells):
            lines.append(words.note_exempt)
        if any(each["average"] is None for each in (*cells, *self.rows)):
            lines.append(words.note_no_mark)
        lines = [" ".join(lines)] if lines else []
        if len(self.rows) < self.matrix["classSize"]:
            lines.append(words.note_some.format(shown=len(self.rows), size=self.matrix["classSize"]))
        return lines

    def _distribution(self) -> Chart:
        words = self.head.words
        names, places = self._letters() if self._bands() else self._steps()
        counts = [sum(place == at for place in places) for at in range(len(names))]
        without = sum(row["average"] is None for row in self.rows)
        if without:
            names, counts = [*names, words.no_average], [*counts, without]
        return Chart(words.distribution, words.students, names, [Series(words.students, counts)], whole=True)

    def _bands(self) -> list[Answers]:
        """The scale's bands, the lowest first."""
        scale = self.rows[0]["explain"]["scale"]
        return sorted(scale["bands"], key=lambda band: Decimal(band["lowerBound"])) if scale else []

    def _letters(self) -> tuple[list[str], list[int]]:
        """The letters, and the place among them of each student who has one."""
        letters = [band["letter"] for band in self._bands()]
        return letters, [letters.index(row["letter"]) for row in self.rows if row["letter"] is not None]

    def _steps(self) -> tuple[list[str], list[int]]:
        """Ten equal parts of the scale, the highest with its upper end, and the part that each average lies in."""
        account, number = self.rows[0]["explain"], self.head.style.number
        low, high = Decimal(account["minScore"]), Decimal(account["maxScore"])
        width = (high - low) / STEPS
        ends = [number(f"{(low + width * at).normalize():f}") for at in range(STEPS + 1)]
        names = [f"{begin}\N{EN DASH}{end}" for begin, end in pairwise(ends)]
        averages = (Decimal(row["average"]) for row in self.rows if row["average"] is not None)
        return names, [min(int((average - low) / width), STEPS - 1) for average in averages]

    def _by_subject(self) -> list[Block]:
        if self.summary is None or not self.summary["subjects"]:
            return []
        words = self.head.words
        titles = (words.mean, words.lowest, words.highest, words.passed, words.missing)
        columns = [Column(words.subject), *(Column(title, 30, Align.RIGHT) for title in titles)]
        rows: list[list[Content]] = [
            [
                each["subject"]["name"],
                *(self._average(each[name]) for name in ("mean", "lowest", "highest")),
                words.rank_of.format(rank=each["passed"], ranked=each["marked"]),
                str(each["missing"]),
            ]
            for each in self.summary["subjects"]
        ]
        return [Table(columns, rows, title=words.per_subject)]

    def _records(self) -> Records:
        """A row for each student, with a column for each subject."""
        words, number = self.head.words, self.head.style.number
        columns = [words.student_number, words.student, *self.subjects.values()]
        columns += [words.overall, words.letter, words.rank, words.class_size, words.missing]
        rows = []
        for row in self.rows:
            found = {each["subject"]["id"]: each["average"] for each in row["subjects"]}
            averages = [found.get(key) for key in self.subjects]
            who = [row["student"]["studentNumber"] or "", row["student"]["fullName"]]
            places = [str(row[name] or "") for name in ("letter", "rank", "classSize")]
            rows.append(
                [
                    *who,
                    *("" if each is None else number(each) for each in (*averages, row["average"])),
                    *places,
                    str(row["missing"]),
                ]
            )
        return Records(columns, rows)
