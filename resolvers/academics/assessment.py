"""Relations of Assessment."""

from models import Assessment, AssessmentCategory, Course, Grade, Semester, Subject
from resolvers.batches import external_ids, many, one

course = one(Course, parent="course_id")
subject = one(Subject, parent="subject_id")
semester = one(Semester, parent="semester_id")
category = one(AssessmentCategory, parent="category_id")
grades = many(Grade, key="assessment_id", order=("student_id",))
assessment_external_ids = external_ids(Assessment)
