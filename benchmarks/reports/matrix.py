"""The figures of a class as one statement whose JSON PostgreSQL makes: what a matrix of marks costs without GraphQL."""

import datetime
from typing import Any

from benchmarks.reports.school import COURSE, SEMESTER
from models import Role
from resolvers.reports.arithmetic import shown
from resolvers.reports.figures import ONE_COURSE, RankMethod
from resolvers.reports.reading import report
from resolvers.reports.standings import standings_sql

SUBJECT = f"""json_build_object('subject', json_build_object('name', u.name), 'average', {shown("c.average")},
    'letter', c.letter, 'rank', c.rank, 'completeness',
    CASE WHEN c.marks > 0 AND c.missing = 0 THEN 'COMPLETE' WHEN c.marks > 0 THEN 'PARTIAL'
        WHEN c.expected OR c.missing > 0 THEN 'MISSING' ELSE 'EXEMPT' END)"""
STUDENT = f"""json_build_object('student', json_build_object('firstName', p.first_name, 'lastName', p.last_name),
    'average', {shown("o.average")}, 'letter', o.letter, 'rank', o.rank,
    'complete', o.marked = o.expected AND o.missing = 0, 'subjects', array_to_json(c.subjects))"""
CLASS = f"json_agg({STUDENT} ORDER BY p.first_name, p.last_name, o.student_id)::text AS rows"


def matrix_sql(school: int, today: datetime.date) -> tuple[str, list[Any]]:
    """The statement, and its values: the figures are worked out by the very SQL that the report sends."""
    sql = standings_sql(ONE_COURSE, RankMethod.COMPETITION, "o.member", columns=CLASS, cells={"subjects": SUBJECT})
    figures = report(sql, ("rows",), frozenset({Role.ADMIN}))
    values = {"tenant": school, "course": COURSE, "semester": SEMESTER, "today": today, "viewer": 0}
    return figures.sql, figures.arguments(values)
