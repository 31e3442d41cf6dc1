"""Figures of marks as the resolvers give them, without the schema."""

from typing import Any

from resolvers.context import Context
from resolvers.reports.figures import RankMethod
from resolvers.reports.standings import StudentFigures, class_figures, student_figures
from tests.answers import NOW
from tests.conftest import School
from tests.database import OneConnection


class Reader:
    """Reads figures as the school's ADMIN."""

    def __init__(self, connections: OneConnection, school: School) -> None:
        self.connections = connections
        self.viewer = school.admin

    async def of_class(
        self, course: Any, semester: Any, method: RankMethod = RankMethod.COMPETITION
    ) -> list[StudentFigures]:
        async with Context(self.connections, self.viewer, now=NOW) as context:
            found = await class_figures(context, course.id, semester.id, method)
            assert context.statements == 1
            return list(found)

    async def of_student(self, student: Any, course: Any, semester: Any) -> StudentFigures | None:
        async with Context(self.connections, self.viewer, now=NOW) as context:
            return await student_figures(context, student.id, course.id, semester.id, RankMethod.COMPETITION)
