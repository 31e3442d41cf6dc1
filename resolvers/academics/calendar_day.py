"""Relations of CalendarDay."""

from models import CalendarDay, SchoolYear
from resolvers.batches import external_ids, one

school_year = one(SchoolYear, parent="school_year_id")
calendar_day_external_ids = external_ids(CalendarDay)
