"""Relations of GradeLevel."""

from models import Course, GradeLevel, SchoolEnrollment
from resolvers.batches import external_ids, many, one

next_level = one(GradeLevel, parent="next_level_id")
previous_levels = many(GradeLevel, key="next_level_id", order=("sequence",))
courses = many(Course, key="grade_level_id", order=("school_year_id", "section", "name"))
school_enrollments = many(SchoolEnrollment, key="grade_level_id", order=("-entry_date",))
grade_level_external_ids = external_ids(GradeLevel)
