"""Relations of Attendance."""

from models import Attendance, AttendanceCode, Course, SchoolYear, Semester, Student, User
from resolvers.batches import one
from resolvers.trail.audit_log import history_of

student = one(Student, parent="student_id")
course = one(Course, parent="course_id")
semester = one(Semester, parent="semester_id")
school_year = one(SchoolYear, parent="school_year_id")
recorded_by = one(User, parent="recorded_by_id")
attendance_code = one(AttendanceCode, parent="code", key="code")
history = history_of(Attendance)
