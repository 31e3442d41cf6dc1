"""Relations of FamilyInfo."""

from models import FamilyInfo, Student
from resolvers.batches import external_ids, one

student = one(Student, parent="student_id")
family_info_external_ids = external_ids(FamilyInfo)
