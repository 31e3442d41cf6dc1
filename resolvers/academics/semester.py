"""Relations of Semester."""

from models import Assessment, Attendance, Enrollment, Grade, SchoolYear, Semester
from resolvers.batches import external_ids, many, one

school_year = one(SchoolYear, parent="school_year_id")
assessments = many(Assessment, key="semester_id", order=("date",))
grades = many(Grade, key="semester_id", order=("-date",))
attendance = many(Attendance, key="semester_id", order=("-date",))
drops = many(Enrollment, key="drop_semester_id", order=("-drop_date",))
semester_external_ids = external_ids(Semester)
