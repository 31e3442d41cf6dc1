"""Days of the school's calendar."""

import datetime

import strawberry

import models
import resolvers.academics.calendar_day as resolve
from schema import refs
from schema.connection import Connection, connection
from schema.entity import entity, lookup, relation
from schema.node import Node
from schema.operators import DateFilter, DateTimeFilter, IDFilter
from schema.ordering import ordering
from schema.where import where


@where(models.CalendarDay, external_ids=resolve.calendar_day_external_ids)
class CalendarDayWhere:
    id: IDFilter | None
    school_year: IDFilter | None
    date: DateFilter | None
    updated_at: DateTimeFilter | None


CalendarDayOrder = ordering(models.CalendarDay, "date", "updated_at")


@entity(models.CalendarDay, prefix="cal")
class CalendarDay(Node):
    date: datetime.date
    kind: models.CalendarDayKind
    note: str | None
    created_at: datetime.datetime
    updated_at: datetime.datetime
    version: int

    school_year: refs.SchoolYear | None = relation(resolve.school_year, "School year of the day.")
    external_ids: list[refs.ExternalId] = relation(
        resolve.calendar_day_external_ids, "What other systems call the calendar day."
    )


@strawberry.type
class CalendarDayQuery:
    calendar_day: CalendarDay | None = lookup(
        models.CalendarDay, "A day of the calendar by id; null where there is none that you may see."
    )
    calendar_days: Connection[CalendarDay] = connection(models.CalendarDay, "Days of the calendar.", default=("date",))
