"""Relations of AccessEntry."""

from models import Student, User
from resolvers.batches import one

student = one(Student, parent="student_id")
actor = one(User, parent="actor")
