"""What keeps a bulk change from being taken back besides marks: names in other systems, and report cards."""

from collections.abc import Sequence

from models import Base
from resolvers.academics.rollover_checks import named
from resolvers.academics.rollover_sql import rows_of
from resolvers.errors import Conflict
from resolvers.unit_of_work import Change
from resolvers.writing.content import table_of
from resolvers.writing.undoing import FIELD

_NAMED = """
SELECT DISTINCT p.student_number FROM external_id x
JOIN {table} t ON t.institution_id = :tenant AND t.id = x.record_id
JOIN student p ON p.institution_id = :tenant AND p.id = t.student_id
WHERE x.institution_id = :tenant AND x.entity = '{table}' AND x.record_id = ANY(:keys) ORDER BY 1"""
_REPORTED = """
SELECT DISTINCT p.student_number, c.name FROM enrollment n
JOIN report_card r ON r.institution_id = :tenant AND r.student_id = n.student_id AND r.course_id = n.course_id
JOIN semester s ON s.institution_id = :tenant AND s.id = r.semester_id
    AND daterange(s.start_date, s.end_date, '[]') && daterange(n.begin_date, n.end_date, '[]')
JOIN student p ON p.institution_id = :tenant AND p.id = n.student_id
JOIN course c ON c.institution_id = :tenant AND c.id = n.course_id
WHERE n.institution_id = :tenant AND n.id = ANY(:keys) ORDER BY 1"""


async def check_unnamed(change: Change, model: type[Base], keys: Sequence[int], words: str) -> None:
    """That no other system has a name for one of the records, each of them `words` to whoever is refused."""
    rows = await rows_of(change, _NAMED.format(table=table_of(model).name), keys=list(keys))
    _refuse([f"{row['student_number']} has {words} that another system has a name for" for row in rows])


async def check_unreported(change: Change, enrollments: Sequence[int]) -> None:
    """That no student has a report card of the course for days of one of these enrolments."""
    rows = await rows_of(change, _REPORTED, keys=list(enrollments))
    _refuse([f"{row['student_number']} has a report card of {row['name']}" for row in rows])


def _refuse(found: Sequence[str]) -> None:
    if found:
        raise Conflict(f"{FIELD}: something depends on it: {named(found)}", field=FIELD)
