"""Who looks at the worked school: everybody with the students of class 7 A whose marks they see.

teacher     of class 7 A and of 7 C
colleague   teaches class 7 B alone
mother      Anita's, and Binod's without access to the records, and Chitra's with contact restricted
student     Esha
parent      teaches class 7 B, and is Farid's guardian
nobody      has an account and no role
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from models import Role, User
from resolvers.viewer import Viewer
from tests.conftest import School
from tests.factories import create_guardian, create_user, link_guardian, teach
from tests.reports.worked_school import NAMES, WorkedSchool

# Hari was never there; Indu has marks, though retired.
EVERYBODY = tuple(name for name in NAMES if name != "Hari")
SEEN: dict[str, tuple[str, ...]] = {
    "superadmin": EVERYBODY,
    "admin": EVERYBODY,
    "registrar": EVERYBODY,
    "reporter": EVERYBODY,
    "teacher": EVERYBODY,
    "colleague": (),
    "mother": ("Anita",),
    "student": ("Esha",),
    "parent": ("Farid",),
    "nobody": (),
}
OFFICE = {
    "superadmin": Role.SUPERADMIN,
    "admin": Role.ADMIN,
    "registrar": Role.REGISTRAR,
    "reporter": Role.REPORTER,
}


@dataclass
class Onlookers:
    school: School
    users: dict[str, User]

    def viewer(self, name: str) -> Viewer:
        if name in OFFICE:
            return self.school.viewer(OFFICE[name])
        roles: dict[str, tuple[Role, ...]] = {
            "teacher": (Role.TEACHER,),
            "colleague": (Role.TEACHER,),
            "mother": (Role.GUARDIAN,),
            "student": (Role.STUDENT,),
            "parent": (Role.TEACHER, Role.GUARDIAN),
            "nobody": (),
        }
        return self.school.viewer(*roles[name], user_id=self.users[name].id)


async def onlookers(session: AsyncSession, school: School, made: WorkedSchool) -> Onlookers:
    names = [name for name in SEEN if name not in OFFICE]
    users = {name: await create_user(session, school) for name in names}
    await teach(session, made.course, users["teacher"])
    await teach(session, made.unmarked, users["teacher"])
    for name in ("colleague", "parent"):
        await teach(session, made.empty, users[name], position=1 + (name == "parent"))
    links: dict[str, list[tuple[str, dict[str, Any]]]] = {
        "mother": [
            ("Anita", {"may_access_records": True}),
            ("Binod", {"may_access_records": False}),
            ("Chitra", {"may_access_records": True, "contact_restriction": "By court order"}),
        ],
        "parent": [("Farid", {"may_access_records": True})],
    }
    for name, children in links.items():
        guardian = await create_guardian(session, school, user_id=users[name].id)
        for child, values in children:
            await link_guardian(session, made.students[child], guardian, **values)
    made.students["Esha"].user_id = users["student"].id
    await session.flush()
    return Onlookers(school, users)
