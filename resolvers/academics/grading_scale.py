"""Relations of GradingScale."""

from models import Course, GradingScale, GradingScaleBand
from resolvers.batches import external_ids, many

bands = many(GradingScaleBand, key="grading_scale_id", order=("-lower_bound",))
courses = many(Course, key="grading_scale_id", order=("name",))
grading_scale_external_ids = external_ids(GradingScale)
