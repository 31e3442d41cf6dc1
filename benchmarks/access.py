"""What authentication, scope and column policy cost: the same operations asked with nothing of them and with all.

bare      the viewer is given to the application, an ADMIN, whom neither scope nor policy restricts
ADMIN     the same with a token
TEACHER   with a token, who sees the students of own courses, and not all columns of them
"""

import contextlib
import datetime
import secrets
from collections.abc import AsyncIterator
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from starlette.types import ASGIApp

from app.database import Database
from app.main import create_app
from app.owner import owner_session
from app.settings import Settings
from benchmarks.calls import Request, request, send
from benchmarks.operations import Operation
from benchmarks.school import School
from benchmarks.timing import Measured, turn_of
from models import Course, CourseTeacher, Enrollment, Role, Session, User, UserRole
from resolvers.identity.tokens import token_hash
from resolvers.viewer import Viewer

BARE, ADMIN, TEACHER = "bare", "ADMIN", "TEACHER"
WAYS = (BARE, ADMIN, TEACHER)
TEXT = """
query one($student: ID!) {
  student(id: $student) { id lastName firstName gender dateOfBirth status mobile phone }
}

query page($course: ID!) {
  students(first: 50, where: { enrollments: { course: { eq: $course } } }) {
    nodes {
      id firstName lastName status
      guardians { relation guardian { firstName lastName mobile } }
      enrollments(where: { course: { eq: $course } }) { id status course { id name } }
      grades(where: { course: { eq: $course } }) { id date score subject { name } }
    }
  }
}
"""


class Given:
    """The database, to which nobody need say who is asking: it is an ADMIN."""

    def __init__(self, database: Database, viewer: Viewer) -> None:
        self.database = database
        self.known = viewer

    def __getattr__(self, name: str) -> object:
        return getattr(self.database, name)

    def context(self, viewer: Viewer | None, **given: object) -> object:
        return self.database.context(self.known, **given)  # type: ignore[arg-type]


class Doors:
    """`ask` sends an operation one of the ways."""

    def __init__(self, app: ASGIApp, open_app: ASGIApp, tokens: dict[str, str], asked: list[Operation]) -> None:
        self.asked = asked
        self.apps: dict[str, ASGIApp] = {BARE: open_app, ADMIN: app, TEACHER: app}
        self.tokens = tokens

    def request(self, way: str, operation: Operation) -> Request:
        return request(TEXT, operation.name, operation.variables, self.tokens.get(way))

    async def ask(self, way: str, operation: Operation) -> bytes:
        return await send(self.apps[way], self.request(way, operation))


async def _sign_in(school: School, role: Role) -> tuple[str, int, int]:
    """A token for a user of the role, the user's key, and the fullest course taught."""
    token = f"sgs_{school.institution_id}_{secrets.token_urlsafe(32)}"
    fullest = (
        select(UserRole.user_id, CourseTeacher.course_id)
        .join(User, (User.institution_id == UserRole.institution_id) & (User.id == UserRole.user_id))
        .outerjoin(CourseTeacher, CourseTeacher.user_id == User.id)
        .outerjoin(Enrollment, Enrollment.course_id == CourseTeacher.course_id)
        .where(UserRole.institution_id == school.institution_id, UserRole.role == role)
        .group_by(UserRole.user_id, CourseTeacher.course_id)
        .order_by(func.count().desc())
        .limit(1)
    )
    async with owner_session(school.urls) as session:
        user, course = (await session.execute(fullest)).one()
        opened = Session(
            institution_id=school.institution_id,
            user_id=user,
            acting_institution_id=school.institution_id,
            token_hash=token_hash(token),
            expires_at=datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=6),
        )
        session.add(opened)
    return token, user, course


async def _student(school: School, course: int) -> int:
    first = select(func.min(Enrollment.student_id)).join(Course, Course.id == Enrollment.course_id)
    async with owner_session(school.urls) as session:
        key: int = (await session.execute(first.where(Course.id == course))).scalar_one()
    return key


@contextlib.asynccontextmanager
async def doors(school: School) -> AsyncIterator[Doors]:
    admin, user, _ = await _sign_in(school, Role.ADMIN)
    teacher, _, course = await _sign_in(school, Role.TEACHER)
    asked = [
        Operation("one student, 8 scalars", "one", {"student": f"stu_{await _student(school, course)}"}),
        Operation("page of a course's students, nested", "page", {"course": f"crs_{course}"}),
    ]
    viewer = Viewer(user, school.institution_id, frozenset({Role.ADMIN}), ZoneInfo("Asia/Kolkata"), 0)
    async with school.database() as database:
        settings = Settings(database_url=None, read_seconds=120)
        given: object = Given(database, viewer)
        app, open_app = create_app(settings, database), create_app(settings, given)  # type: ignore[arg-type]
        yield Doors(app, open_app, {ADMIN: admin, TEACHER: teacher}, asked)


async def measure_access(school: School, rounds: int) -> list[tuple[str, dict[str, Measured]]]:
    """Each operation's title, and what was measured of it by each way, interleaved."""
    found: list[tuple[str, dict[str, Measured]]] = []
    async with doors(school) as served:
        for operation in served.asked:
            measured = {way: Measured(len(await served.ask(way, operation))) for way in WAYS}
            for number in range(rounds):
                first = number % len(WAYS)
                for way in WAYS[first:] + WAYS[:first]:
                    measured[way].rounds.append(await turn_of(partial(served.ask, way, operation)))
            found.append((operation.title, measured))
    return found
