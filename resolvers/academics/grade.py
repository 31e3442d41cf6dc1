"""Relations of Grade."""

from models import Assessment, Course, Grade, Semester, Student, Subject, User
from resolvers.batches import external_ids, one
from resolvers.trail.audit_log import history_of

student = one(Student, parent="student_id")
course = one(Course, parent="course_id")
subject = one(Subject, parent="subject_id")
semester = one(Semester, parent="semester_id")
assessment = one(Assessment, parent="assessment_id")
teacher = one(User, parent="teacher_id")
graded_by = one(User, parent="graded_by_id")
grade_external_ids = external_ids(Grade)
history = history_of(Grade)
