"""Relations of CourseTeacher."""

from models import Course, CourseTeacher, User
from resolvers.batches import external_ids, one

course = one(Course, parent="course_id")
user = one(User, parent="user_id")
course_teacher_external_ids = external_ids(CourseTeacher)
