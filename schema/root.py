"""The schema: root fields of every entity put together."""

import strawberry
from strawberry.schema.config import StrawberryConfig

from schema.people.guardian import GuardianQuery
from schema.people.student import StudentQuery
from schema.people.student_guardian import StudentGuardianQuery
from schema.scalars import SCALARS


@strawberry.type(description="What can be read.")
class Query(StudentQuery, StudentGuardianQuery, GuardianQuery):
    pass


schema = strawberry.Schema(query=Query, config=StrawberryConfig(scalar_map=SCALARS))
