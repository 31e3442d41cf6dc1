"""Relations of RolloverPlan."""

from models import RolloverLine, RolloverPlan, SchoolYear
from resolvers.batches import external_ids, many, one

from_school_year = one(SchoolYear, parent="from_school_year_id")
to_school_year = one(SchoolYear, parent="to_school_year_id")
lines = many(RolloverLine, key="rollover_plan_id", order=("student_first_name", "student_last_name"))
rollover_plan_external_ids = external_ids(RolloverPlan)
