"""The reports of marks put together."""

import strawberry

from schema.reports.grade_matrix import CourseGradeMatrixQuery
from schema.reports.grade_report import GradeReportQuery
from schema.reports.ranking import RankingQuery
from schema.reports.summary import SummaryQuery
from schema.reports.transcript import TranscriptQuery


@strawberry.type
class MarksQuery(GradeReportQuery, CourseGradeMatrixQuery, RankingQuery, SummaryQuery, TranscriptQuery):
    pass
