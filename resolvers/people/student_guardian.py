"""Relations of the link of a student and a guardian."""

from models import Guardian, Student
from resolvers.batches import one

student = one(Student, parent="student_id")
guardian = one(Guardian, parent="guardian_id")
