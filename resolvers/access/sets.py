"""Keys that follow from who is asking: what a teacher teaches, whom a guardian answers for, who a student is.

Each is a select of keys that depends on the parameters `tenant` and `viewer` alone. Lists compare with all of them
at once, `key = ANY (ARRAY (SELECT …))`: PostgreSQL runs the select once a statement and looks the keys up by index,
also where several rules stand side by side. Where rows are found otherwise and there may be many keys, it is looked up
for each row whether its key is among them: hundreds need not be gathered to show one. Where the rows are few, so is
whatever leads there (`way`): one student's courses are fewer than a teacher's. They are built once a process, and
stand in many statements.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    Select,
    bindparam,
    exists,
    func,
    literal_column,
    select,
    union_all,
)

from models import (
    Base,
    Course,
    CourseTeacher,
    Enrollment,
    Guardian,
    ReportCard,
    SchoolProfile,
    Student,
    StudentGuardian,
    User,
)
from models.computed import tenant

Keys = Select[Any]
KeySet = Callable[..., Keys]
Test = Callable[[Any, Keys], ColumnElement[bool]]
once = lru_cache(maxsize=1)
# A select for each way to ask.
each_way = lru_cache(maxsize=8)


def viewer() -> BindParameter[Any]:
    """The user who is asking, which every operation binds."""
    return bindparam("viewer", type_=BigInteger())


def among(column: Any, keys: Keys) -> ColumnElement[bool]:
    """Whether a column is one of the keys."""
    found: ColumnElement[bool] = column == func.any(_array(keys))
    return found


def met(column: Any, keys: Keys) -> ColumnElement[bool]:
    """The same, looked up row by row."""
    return exists(keys.with_only_columns(literal_column("1")).where(keys.selected_columns[0] == column))


@lru_cache(maxsize=64)
def _array(keys: Keys) -> Any:
    return func.array(keys.correlate(None).scalar_subquery())


def _alias(model: type[Base]) -> Any:
    """Columns of a table under a name of its own; tables are named sooner than mapped classes."""
    return model.__table__.alias().c


def _joined(row: Any, other: Any, key: Any) -> ColumnElement[bool]:
    joined: ColumnElement[bool] = (other.institution_id == row.institution_id) & (other.id == key)
    return joined


@once
def taught_courses() -> Keys:
    """Courses in use that the viewer teaches, in whichever role."""
    link, course = _alias(CourseTeacher), _alias(Course)
    mine = select(link.course_id).where(_joined(link, course, link.course_id), course.deleted_at.is_(None))
    return mine.where(link.institution_id == tenant(), link.user_id == viewer())


@each_way
def taught_students(_: Test = among, way: Test = among) -> Keys:
    """Students with an enrolment in a course that the viewer teaches, past and coming ones included."""
    enrollment = _alias(Enrollment)
    found = select(enrollment.student_id).where(enrollment.institution_id == tenant())
    return found.where(way(enrollment.course_id, taught_courses()))


@once
def cards_taught() -> Keys:
    """Report cards of the courses that the viewer teaches."""
    card = _alias(ReportCard)
    return select(card.id).where(card.institution_id == tenant(), among(card.course_id, taught_courses()))


@each_way
def taught_guardians(test: Test = among, way: Test = among) -> Keys:
    """Guardians of the students whom the viewer teaches."""
    return _guardians_of(taught_students(test, way), test)


@once
def fellow_teachers() -> Keys:
    """Everybody who teaches a course that the viewer teaches."""
    return _teachers_of(taught_courses())


@once
def links_to_children() -> Keys:
    """Links that let the viewer see a child's records: the flag is set and nothing restricts contact.

    A restriction is a text, often a court's, which nobody here can weigh: it closes the records until it is lifted.
    """
    link, guardian, child = _alias(StudentGuardian), _alias(Guardian), _alias(Student)
    in_use = guardian.deleted_at.is_(None), child.deleted_at.is_(None)
    joined = _joined(link, guardian, link.guardian_id), _joined(link, child, link.student_id)
    mine = select(link.id).where(*joined, *in_use, link.institution_id == tenant(), guardian.user_id == viewer())
    return mine.where(link.may_access_records, link.contact_restriction.is_(None))


@once
def children() -> Keys:
    """Students in use whose records the viewer may see as their guardian."""
    link = _alias(StudentGuardian)
    return select(link.student_id).where(link.institution_id == tenant(), among(link.id, links_to_children()))


@once
def courses_of_children() -> Keys:
    return _courses_of(children())


@once
def teachers_of_children() -> Keys:
    return _teachers_of(courses_of_children())


@once
def oneself() -> Keys:
    """The viewer's own record as a student."""
    student = _alias(Student)
    mine = select(student.id).where(student.institution_id == tenant(), student.user_id == viewer())
    return mine.where(student.deleted_at.is_(None))


@once
def own_guardians() -> Keys:
    return _guardians_of(oneself())


@once
def attended_courses() -> Keys:
    """Courses that the viewer attends as a student, past and coming ones included."""
    return _courses_of(oneself())


@once
def own_teachers() -> Keys:
    return _teachers_of(attended_courses())


@once
def shown_to_teachers() -> Keys:
    """Photos of the students whom the viewer teaches and of their other teachers."""
    return _either(_pictures(Student, taught_students()), _pictures(User, fellow_teachers()))


@once
def shown_to_guardians() -> Keys:
    """Photos of own children and of their teachers."""
    return _either(_pictures(Student, children()), _pictures(User, teachers_of_children()))


@once
def shown_to_students() -> Keys:
    """The own photo and those of the own teachers."""
    return _either(_pictures(Student, oneself()), _pictures(User, own_teachers()))


@once
def shown_to_everybody() -> Keys:
    """The school's logo, and the photo of the own account."""
    profile, account = _alias(SchoolProfile), _alias(User)
    own_account = select(account.id).where(account.institution_id == tenant(), account.id == viewer())
    logo = select(profile.logo_id).where(profile.institution_id == tenant(), profile.logo_id.is_not(None))
    return _either(logo, _pictures(User, own_account.where(account.deleted_at.is_(None))))


def _pictures(model: type[Base], keys: Keys) -> Keys:
    row = _alias(model)
    pictures = select(row.photo_id).where(row.institution_id == tenant(), row.photo_id.is_not(None))
    return pictures.where(among(row.id, keys))


def _either(first: Keys, second: Keys) -> Keys:
    """The keys of both."""
    return select(union_all(first, second).subquery().c[0])


def _courses_of(students: Keys) -> Keys:
    enrollment = _alias(Enrollment)
    found = select(enrollment.course_id).where(enrollment.institution_id == tenant())
    return found.where(among(enrollment.student_id, students))


def _guardians_of(students: Keys, test: Test = among) -> Keys:
    link = _alias(StudentGuardian)
    found = select(link.guardian_id).where(link.institution_id == tenant())
    return found.where(test(link.student_id, students))


def _teachers_of(courses: Keys) -> Keys:
    link = _alias(CourseTeacher)
    return select(link.user_id).where(link.institution_id == tenant(), among(link.course_id, courses))
