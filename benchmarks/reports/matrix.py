"""The figures of a class as one statement whose JSON PostgreSQL makes: what a matrix of marks costs without GraphQL."""

import datetime
from typing import Any

from benchmarks.reports.school import COURSE, SEMESTER
from models import Role
from resolvers.reports.figures import RankMethod
from resolvers.reports.standings import statement

SQL = """
SELECT json_agg(found.row ORDER BY found.first_name, found.last_name, found.student_id)::text FROM (
    SELECT f.student_id, p.first_name, p.last_name, json_build_object(
        'student', json_build_object('firstName', p.first_name, 'lastName', p.last_name),
        'average', f.average, 'letter', f.letter, 'rank', f.rank, 'complete', f.marked = f.expected AND f.missing = 0,
        'subjects', json_agg(json_build_object('subject', json_build_object('name', u.name), 'average', f.c_average,
            'letter', f.c_letter, 'rank', f.c_rank, 'completeness',
            CASE WHEN f.c_marks > 0 AND f.c_missing = 0 THEN 'COMPLETE' WHEN f.c_marks > 0 THEN 'PARTIAL'
                WHEN f.c_expected OR f.c_missing > 0 THEN 'MISSING' ELSE 'EXEMPT' END))) AS row
    FROM ({figures}) f
    JOIN student p ON p.institution_id = {tenant} AND p.id = f.student_id
    LEFT JOIN subject u ON u.institution_id = {tenant} AND u.id = f.c_subject_id
    GROUP BY f.student_id, p.first_name, p.last_name, f.average, f.letter, f.rank, f.marked, f.expected, f.missing
) found
"""


def matrix_sql(school: int, today: datetime.date) -> tuple[str, list[Any]]:
    """The statement, and its values: the figures are worked out by the very SQL that the report sends."""
    figures = statement(frozenset({Role.ADMIN}), RankMethod.COMPETITION, one=False)
    values = {"tenant": school, "course": COURSE, "semester": SEMESTER, "today": today, "viewer": 0}
    sql = SQL.format(figures=figures.sql, tenant=f"{school:d}::bigint")
    return sql, figures.arguments(values)
