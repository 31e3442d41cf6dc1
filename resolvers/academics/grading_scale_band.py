"""Relations of GradingScaleBand."""

from models import GradingScale, GradingScaleBand
from resolvers.batches import external_ids, one

grading_scale = one(GradingScale, parent="grading_scale_id")
grading_scale_band_external_ids = external_ids(GradingScaleBand)
