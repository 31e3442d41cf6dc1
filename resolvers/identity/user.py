"""Relations of User."""

from models import CourseTeacher, Grade, User, UserRole
from resolvers.batches import external_ids, many

roles = many(UserRole, key="user_id", order=("role",))
courses = many(CourseTeacher, key="user_id", order=("course_id",))
grades_given = many(Grade, key="graded_by_id", order=("-date",))
user_external_ids = external_ids(User)
