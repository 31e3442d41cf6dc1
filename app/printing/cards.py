"""Report cards: what a student has in a course and semester, or all of its class, a sheet for each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from app.printing.asking import Answers, Asker, absent
from app.printing.letterhead import Letterhead, course_name, letterhead, of_course
from app.printing.parts import (
    Align,
    Block,
    Cell,
    Column,
    Content,
    Document,
    Facts,
    Figures,
    Gauge,
    Notes,
    Records,
    Remark,
    Sheet,
    Signatures,
    Table,
    Tone,
)
from app.printing.published import Published, named, published_cards
from app.printing.standing import Standing
from app.printing.style import NOTHING
from models import ReportCardState, Semester
from resolvers.reports.cards.facts import frame_of
from resolvers.reports.figures import RankMethod
from schema.node import decode

DAYS = ("expected", "present", "late", "excused", "absent", "unmarked", "notTaken")
RULES = {"TAKEN": "note_taken", "MARKED": "note_marked", "EXPECTED": "note_expected"}
PURPOSE = "PrintedReportCards"


async def report_cards(
    ask: Asker,
    course: str,
    semester: str,
    *,
    student: str | None = None,
    edition: int | None = None,
    language: str | None = None,
) -> Document:
    """The cards of a class, by first name, or the one of a student. As many statements for one as for a class.

    Of an `edition` what was handed out then, whether it holds or not.

    Raises NotFound where the viewer sees no such course, semester or figures, and Invalid where an id is none.
    """
    head = await letterhead(ask, language)
    about = await ask("CourseInSemester", course=course, semester=semester)
    for name, key in (("course", course), ("semester", semester)):
        if about[name] is None:
            absent(name, key)
    days = {"from": about["semester"]["startDate"], "to": about["semester"]["endDate"]}
    method = (await frame_of(ask.context, decode(semester, Semester, field="semester").id)).ranks
    keys = {"course": course, "semester": semester, **days, "method": (method or RankMethod.COMPETITION).value}
    if student is None:
        cards, presence = await _of_class(ask, **keys)
    else:
        cards, presence = await _of_student(ask, student=student, **keys)
    published = await published_cards(ask, course, semester, student, edition=edition)
    if edition is not None:
        cards = [card for card in cards if card["student"]["id"] in published] or absent("edition", edition)
    writer = Cards(head, about["course"], about["semester"], presence, method is not None, published, edition)
    return writer.document(cards, [cards[0]["student"]["fullName"]] if student else [])


async def _of_class(ask: Asker, **keys: Any) -> tuple[list[Answers], Mapping[str, Answers]]:
    answer = await ask("CardsOfCourse", **keys)
    report = answer["attendanceReport"] or {"students": []}
    found = {each["student"]["id"]: {**report, **each} for each in report["students"] if each["student"]}
    return answer["courseGradeMatrix"]["rows"], found


async def _of_student(ask: Asker, **keys: Any) -> tuple[list[Answers], Mapping[str, Answers]]:
    answer = await ask("CardOfStudent", **keys)
    card = answer["gradeReport"] or absent("student", keys["student"])
    summary = answer["attendanceSummary"]
    return [card], {card["student"]["id"]: summary} if summary else {}


def share(value: str | None, account: Answers) -> float | None:
    """Where a mark stands between the lowest and the highest of its scale: 0 to 1."""
    low, high = Decimal(account["minScore"]), Decimal(account["maxScore"])
    return None if value is None else float((Decimal(value) - low) / (high - low))


@dataclass(frozen=True)
class Cards:
    """Makes sheets of what was found: of what a student's card froze, where it is published, else of live figures.

    `presence` and `published` are by the students' ids; `ranks` says whether the school's cards rank. Of an `edition`
    that was asked for also cards that hold no longer are printed as they were.
    """

    head: Letterhead
    course: Answers
    semester: Answers
    presence: Mapping[str, Answers]
    ranks: bool = True
    published: Mapping[str, Published] = field(default_factory=dict)
    edition: int | None = None

    def document(self, cards: Sequence[Answers], about: Sequence[str]) -> Document:
        words = self.head.words
        sheets = [self._frozen(card["student"]["id"]) or self.sheet(card) for card in cards]
        about = [course_name(self.course), self.semester["name"], *about]
        return self.head.document(words.report_card, about, sheets or [self.nobody()], self.records(cards))

    def _handed_out(self, student: str) -> Published | None:
        found = self.published.get(student)
        return found if found and (self.edition or found.state is ReportCardState.PUBLISHED) else None

    def _frozen(self, student: str) -> Sheet | None:
        if (found := self._handed_out(student)) is None:
            return None
        sheet = self._of(found).sheet(found.card, found)
        return replace(sheet, school=named(found.school))

    def _of(self, found: Published) -> "Cards":
        presence = {found.card["student"]["id"]: found.presence}
        return replace(self, course=found.course, semester=found.semester, presence=presence, ranks=found.ranks)

    def nobody(self) -> Sheet:
        return Sheet(self.head.words.report_card, self._term(), [self._of_course(), Notes([self.head.words.nobody])])

    def _term(self) -> str:
        year = self.semester["schoolYear"]
        return " · ".join([self.semester["name"], *([year["code"]] if year else [])])

    def _of_course(self, **further: str) -> Facts:
        words, day = self.head.words, self.head.style.day
        period = f"{day(self.semester['startDate'])} {words.to} {day(self.semester['endDate'])}"
        return of_course(words, self.course, **{words.period: period}, **further)

    def sheet(self, card: Answers, published: Published | None = None) -> Sheet:
        words, student = self.head.words, card["student"]
        who = Facts([(words.student, student["fullName"]), (words.student_number, student["studentNumber"] or NOTHING)])
        parts: list[Block] = [Facts([*who.pairs, *self._of_course().pairs]), self._overall(card)]
        parts += [self._subjects(card), Notes(self._notes(card))] if card["subjects"] else [Notes([words.no_subjects])]
        parts += self._attendance(student["id"])
        parts += [Remark(self._said_by(each), each["text"]) for each in (published.comments if published else ())]
        standing = Standing(self.head.style)
        parts.append(Notes(standing.of(published) if published else standing.draft(self.published.get(student["id"]))))
        parts.append(Signatures([words.signature_teacher, words.signature_head, words.signature_guardian]))
        return Sheet(words.report_card, self._term(), parts, name=student["fullName"])

    def _said_by(self, comment: Answers) -> str:
        words = self.head.words
        role = {"TEACHER": words.comment_teacher, "HEAD": words.comment_head}[comment["kind"]]
        return " · ".join(each for each in (role, comment["subjectName"], comment["author"]) if each)

    def _overall(self, card: Answers) -> Figures:
        words = self.head.words
        rank = words.not_ranked
        if card["rank"] is not None:
            rank = words.rank_of.format(rank=card["rank"], ranked=card["ranked"])
        passed = {True: words.yes, False: words.no, None: NOTHING}[card["passed"]]
        average = self.head.style.fixed(card["average"], card["explain"]["decimals"])
        pairs = [(words.overall, average), (words.letter, card["letter"] or NOTHING), (words.passed, passed)]
        ranks = [(words.rank, rank)] if self.ranks else []
        return Figures([*pairs, *ranks, (words.class_size, str(card["classSize"]))])

    def _subjects(self, card: Answers) -> Table:
        words, turned = self.head.words, Align.RIGHT
        columns = [
            Column(words.subject),
            Column(words.coefficient, 17, turned),
            Column(words.average, 26, turned),
            Column("", 42),
            Column(words.letter, 14, Align.CENTER),
            *([Column(words.rank, 12, turned)] if self.ranks else []),
            Column(words.missing, 17, turned),
        ]
        return Table(columns, [self._row(each, card["explain"]) for each in card["subjects"]])

    def _row(self, of: Answers, account: Answers) -> list[Content]:
        words, number = self.head.words, self.head.style.number
        average = self.head.style.fixed(of["average"], account["decimals"])
        if of["completeness"] == "EXEMPT":
            average = words.exempt
        tone = Tone.FAILED if of["passed"] is False else Tone.PLAIN
        return [
            of["subject"]["name"],
            number(of["coefficient"]),
            Cell(average + ("\N{NO-BREAK SPACE}*" if of["missing"] else ""), tone),
            Gauge(share(of["average"], account), share(account["passMark"], account)),
            of["letter"] or NOTHING,
            *([number(of["rank"])] if self.ranks else []),
            str(of["missing"]) if of["missing"] else "",
        ]

    def _notes(self, card: Answers) -> list[str]:
        words, number, account = self.head.words, self.head.style.number, card["explain"]
        lines = [
            words.note_scale.format(
                lowest=number(account["minScore"]),
                highest=number(account["maxScore"]),
                pass_mark=number(account["passMark"]),
            )
        ]
        if any(each["passed"] is False for each in card["subjects"]):
            lines.append(words.note_pass_mark.format(pass_mark=number(account["passMark"])))
        if card["missing"]:
            lines.append(words.note_missing)
        return lines if card["member"] else [*lines, words.note_left]

    def _attendance(self, student: str) -> list[Block]:
        """The days of the semester; nothing where none were expected."""
        words, figures = self.head.words, self.presence.get(student)
        if figures is None or Decimal(figures["expected"]) == 0:
            return []
        style = self.head.style
        names = [getattr(words, {"notTaken": "not_taken"}.get(name, name)) for name in DAYS]
        columns = [Column(name, None, Align.RIGHT) for name in (*names, words.percentage)]
        row: list[Content] = [style.number(figures[name]) for name in DAYS]
        row.append(Cell(style.percent(figures["percentage"]), Tone.STRONG))
        notes = [words.note_days, getattr(words, RULES[figures["rule"]["policy"]])]
        if figures["through"] and figures["through"] != self.semester["endDate"]:
            notes.append(words.note_through.format(day=style.day(figures["through"])))
        return [Table(columns, [row], title=words.attendance), Notes(notes)]

    def records(self, cards: Sequence[Answers]) -> Records:
        """A row for each student and subject, and one without a subject for what the student has over all."""
        words = self.head.words
        columns = [words.student_number, words.student, words.course, words.semester, words.subject]
        columns += [words.coefficient, words.average, words.letter, words.passed, words.rank, words.missing]
        rows = []
        for card in cards:
            found = self._handed_out(card["student"]["id"])
            rows += self._of(found)._rows(found.card) if found else self._rows(card)
        return Records(columns, rows)

    def _rows(self, card: Answers) -> list[list[str]]:
        words, style, student = self.head.words, self.head.style, card["student"]
        who = [student["studentNumber"] or "", student["fullName"], course_name(self.course), self.semester["name"]]

        def figures(of: Answers) -> list[str]:
            passed = {True: words.yes, False: words.no, None: ""}[of["passed"]]
            average = "" if of["average"] is None else style.number(of["average"])
            rank = str(of["rank"] or "") if self.ranks else ""
            return [average, of["letter"] or "", passed, rank, str(of["missing"])]

        rows = []
        for each in card["subjects"]:
            rows.append([*who, each["subject"]["name"], style.number(each["coefficient"]), *figures(each)])
        return [*rows, [*who, "", "", *figures(card)]]
