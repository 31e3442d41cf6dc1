"""Rules of subjects."""

from models import Subject
from resolvers.constraints import Rule, keep
from resolvers.errors import Conflict
from resolvers.writing.records import Records

keep({"uq_subject_institution_id_name": Rule(Conflict, "name", "is another subject's already")})

SUBJECTS = Records(Subject)
