"""Relations of a guardian."""

from models import Guardian, StudentGuardian, User
from resolvers.batches import external_ids, many, one

students = many(StudentGuardian, key="guardian_id", order=("student_id",))
user = one(User, parent="user_id")
guardian_external_ids = external_ids(Guardian)
