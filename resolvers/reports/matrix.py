"""The class of a course in a semester as a whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from models import Base, Course, Semester
from resolvers.batches import Shape, by_id
from resolvers.beside import Beside
from resolvers.columns import columns_of
from resolvers.context import Context
from resolvers.reports.figures import RankMethod
from resolvers.reports.standings import StudentFigures, class_figures


@dataclass(frozen=True, slots=True)
class CourseMatrix:
    """The rows that the viewer sees of a class, and its size; None where there are none."""

    course_id: int
    semester_id: int
    class_size: int | None
    ranked: int | None
    rows: Sequence[StudentFigures]


async def is_seen(context: Context, model: type[Base], key: int) -> bool:
    """Whether there is such a record that the viewer sees. One statement for each model."""
    return await context.load(by_id(model), Shape(("id",), context.viewer.roles), key, {}) is not None


async def are_seen(context: Context, course: int, semester: int) -> bool:
    return await is_seen(context, Course, course) and await is_seen(context, Semester, semester)


async def course_matrix(
    context: Context,
    course: int,
    semester: int,
    method: RankMethod,
    *,
    explained: bool = True,
    beside: Beside | None = None,
) -> CourseMatrix | None:
    """None where the course or the semester is absent or hidden; one statement where there are rows.

    Who sees rows sees what they are of. Only without any it is asked whether there could have been some, of the
    snapshot that had none.
    """
    read = partial(class_figures, context, course, semester, method, explained=explained, beside=beside)
    rows = await read()
    if not rows and context.alone:
        # One statement leaves no snapshot behind, in which more could be asked.
        await context.recover()
        rows = await read()
    if not rows and not await are_seen(context, course, semester):
        return None
    size, ranked = (next(iter(columns_of([rows])(name)), None) for name in ("class_size", "ranked"))
    return CourseMatrix(course, semester, size, ranked, rows)
