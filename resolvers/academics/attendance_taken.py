"""Relations of AttendanceTaken."""

from models import Course, User
from resolvers.batches import one

course = one(Course, parent="course_id")
taken_by = one(User, parent="taken_by_id")
