"""Relations of CourseSubject."""

from models import Course, CourseSubject, Subject
from resolvers.batches import external_ids, one

course = one(Course, parent="course_id")
subject = one(Subject, parent="subject_id")
course_subject_external_ids = external_ids(CourseSubject)
