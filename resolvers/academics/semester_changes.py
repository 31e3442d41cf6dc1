"""Rules of the parts of a school year: they lie within it, and marks are entered while their window is open."""

from models import Assessment, Attendance, SchoolYear, Semester
from resolvers.academics.spans import check_contents
from resolvers.constraints import Rule, keep
from resolvers.errors import Checks, Conflict, Invalid
from resolvers.unit_of_work import Change
from resolvers.writing.records import Records, changes, was

ENDS_TOO_EARLY = Rule(Invalid, "endDate", "is before the first day")
CLOSES_TOO_EARLY = Rule(Invalid, "gradeEntryClosesAt", "is not after the opening of grade entry")
CLOSED = Rule(Conflict, "gradeEntryClosesAt", "grade entry has closed, and is reopened with a reason only")

keep(
    {
        "uq_semester_institution_id_code": Rule(Conflict, "code", "is another semester's already"),
        "ck_semester_ends_after_start": ENDS_TOO_EARLY,
        "ck_semester_sequence_range": Rule(Invalid, "sequence", "is not between 1 and 99"),
        "ck_semester_grade_entry_window": CLOSES_TOO_EARLY,
    }
)


def _check_window(change: Change, row: Semester, checks: Checks) -> None:
    opens, closes = row.grade_entry_opens_at, row.grade_entry_closes_at
    if opens and closes and closes <= opens:
        checks.errors.append(CLOSES_TOO_EARLY.error(closes))
    closed = was(row, "grade_entry_closes_at")
    if changes(row, "grade_entry_closes_at") and closed is not None and closed <= change.author.at:
        checks.errors.append(CLOSED.error())


def _check_year(year: SchoolYear, row: Semester, checks: Checks) -> None:
    for field, day in (("startDate", row.start_date), ("endDate", row.end_date)):
        if not year.start_date <= day <= year.end_date:
            span = f"{year.start_date} to {year.end_date}"
            checks.errors.append(Invalid(f"{field}: {day} is not in the school year, {span}", field=field))


async def _rules(change: Change, row: Semester, checks: Checks) -> None:
    if row.end_date < row.start_date:
        checks.errors.append(ENDS_TOO_EARLY.error(row.end_date))
    _check_window(change, row, checks)
    if changes(row, "start_date", "end_date"):
        _check_year(await change.seen(SchoolYear, row.school_year_id, field="schoolYear"), row, checks)
        if row.id is not None:
            days = Attendance.semester_id, Attendance.date, Attendance.date
            await check_contents(change, row, checks, *days, "attendance marks")
            work = Assessment.semester_id, Assessment.date, Assessment.date
            await check_contents(change, row, checks, *work, "assessments")


SEMESTERS = Records(Semester, rules=_rules)
