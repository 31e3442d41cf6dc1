"""Relations of Enrollment."""

from models import Course, Enrollment, Semester, Student
from resolvers.batches import external_ids, one
from resolvers.trail.audit_log import history_of

student = one(Student, parent="student_id")
course = one(Course, parent="course_id")
drop_semester = one(Semester, parent="drop_semester_id")
enrollment_external_ids = external_ids(Enrollment)
history = history_of(Enrollment)
