"""Relations of Semester."""

from models import Assessment, Grade, SchoolYear, Semester
from resolvers.batches import external_ids, many, one

school_year = one(SchoolYear, parent="school_year_id")
assessments = many(Assessment, key="semester_id", order=("date",))
grades = many(Grade, key="semester_id", order=("-date",))
semester_external_ids = external_ids(Semester)
