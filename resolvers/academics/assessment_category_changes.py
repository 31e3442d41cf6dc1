"""Rules of assessment categories."""

from models import AssessmentCategory
from resolvers.constraints import Rule, keep
from resolvers.errors import Conflict, Invalid
from resolvers.writing.records import Records

keep(
    {
        "uq_assessment_category_institution_id_name": Rule(Conflict, "name", "is another category's already"),
        "ck_assessment_category_weight_positive": Rule(Invalid, "weight", "is less than 0"),
    }
)

ASSESSMENT_CATEGORIES = Records(AssessmentCategory)
