"""Everything that is held about a person."""

from typing import Annotated

import strawberry

import models
from resolvers.privacy.export import export_subject
from schema.info import Info
from schema.node import decode
from schema.scalars import JSON

STUDENT = strawberry.argument(description="The student.")


@strawberry.type
class ExportQuery:
    @strawberry.field(
        description="Everything held about a student, as JSON: an object with a list of rows for each table, sealed"
        " texts opened, the history and who has looked at the record included; null where there is no such student."
        " Instants are in UTC. It holds what concerns others too, so it is for ADMIN, who looks at it first."
    )
    async def export_subject(self, info: Info, student: Annotated[strawberry.ID, STUDENT]) -> JSON | None:
        found = await export_subject(info.context, decode(student, models.Student, field="student").id)
        return None if found is None else JSON(found)
