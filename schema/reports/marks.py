"""The reports of marks put together."""

import strawberry

from schema.reports.grade_matrix import CourseGradeMatrixQuery
from schema.reports.grade_report import GradeReportQuery
from schema.reports.ranking import RankingQuery
from schema.reports.summary import SummaryQuery


@strawberry.type
class MarksQuery(GradeReportQuery, CourseGradeMatrixQuery, RankingQuery, SummaryQuery):
    pass
