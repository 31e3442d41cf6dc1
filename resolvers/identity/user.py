"""Relations of User."""

from models import (
    Attendance,
    AttendanceTaken,
    CourseTeacher,
    Grade,
    Guardian,
    Session,
    StoredFile,
    Student,
    User,
    UserRole,
)
from resolvers.batches import external_ids, many, one

roles = many(UserRole, key="user_id", order=("role",))
courses = many(CourseTeacher, key="user_id", order=("course_id",))
grades_given = many(Grade, key="graded_by_id", order=("-date",))
attendance_recorded = many(Attendance, key="recorded_by_id", order=("-date",))
rosters_taken = many(AttendanceTaken, key="taken_by_id", order=("-date",))
# An account is of one student or guardian in use; of retired ones it may have been before.
student = one(Student, parent="id", key="user_id", deleted_at=None)
guardian = one(Guardian, parent="id", key="user_id", deleted_at=None)
photo = one(StoredFile, parent="photo_id")
sessions = many(Session, key="user_id", order=("-expires_at",))
user_external_ids = external_ids(User)
