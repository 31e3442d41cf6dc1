"""Relations of Scholarship."""

from models import Scholarship, Student
from resolvers.batches import external_ids, one

student = one(Student, parent="student_id")
scholarship_external_ids = external_ids(Scholarship)
