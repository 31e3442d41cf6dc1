"""Relations of ReportCard."""

from models import Course, ReportCard, ReportCardComment, Semester, Student
from resolvers.batches import external_ids, many, one
from resolvers.trail.audit_log import history_of

student = one(Student, parent="student_id")
course = one(Course, parent="course_id")
semester = one(Semester, parent="semester_id")
comments = many(ReportCardComment, key="report_card_id", order=("-kind", "subject_id", "id"))
report_card_external_ids = external_ids(ReportCard)
history = history_of(ReportCard)
