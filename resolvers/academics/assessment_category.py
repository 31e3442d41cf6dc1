"""Relations of AssessmentCategory."""

from models import Assessment, AssessmentCategory
from resolvers.batches import external_ids, many

assessments = many(Assessment, key="category_id", order=("date",))
assessment_category_external_ids = external_ids(AssessmentCategory)
