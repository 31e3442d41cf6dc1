"""Relations of Subject."""

from models import Assessment, Course, CourseSubject, Grade, Subject
from resolvers.batches import external_ids, many

courses = many(CourseSubject, key="subject_id", order=("course_id",))
single_subject_courses = many(Course, key="subject_id", order=("school_year_id", "section", "name"))
assessments = many(Assessment, key="subject_id", order=("date",))
grades = many(Grade, key="subject_id", order=("-date",))
subject_external_ids = external_ids(Subject)
