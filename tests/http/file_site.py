"""A school whose pictures are asked for over HTTP."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import orjson
from sqlalchemy import select

from app.owner import owner_session
from app.urls import Urls
from models import Role, SchoolProfile
from resolvers.identity.tokens import Kind, new_token, token_hash
from resolvers.institution.institution import create_institution
from tests import factories
from tests.factories import gid
from tests.http.school import Served, bearer

USERS = {
    "asha": Role.ADMIN,
    "tara": Role.TEACHER,
    "gita": Role.GUARDIAN,
    "hari": Role.GUARDIAN,
    "sita": Role.STUDENT,
}


@dataclass
class Site:
    """A school with a student (sita), her guardian (gita), somebody else's (hari) and a teacher of nobody (tara)."""

    served: Served
    client: httpx.AsyncClient
    folder: Path
    tokens: dict[str, str]
    student: str
    profile: str
    version: int = 1

    def kept(self) -> list[Path]:
        return sorted(path for path in self.folder.rglob("*") if path.is_file())

    async def mutate(self, name: str, who: str = "asha", **given: Any) -> Any:
        kind = name[0].upper() + name[1:]
        document = f"mutation($input: {kind}Input!) {{ it: {name}(input: $input) {{ errors {{ code field }} }} }}"
        files = {field: value for field, value in given.items() if isinstance(value, bytes)}
        variables = {"input": given | dict.fromkeys(files)}
        operations = orjson.dumps({"query": document, "variables": variables}).decode()
        places = orjson.dumps({field: [f"variables.input.{field}"] for field in files}).decode()
        headers = bearer(self.tokens[who]) | {"graphql-require-preflight": "1"}
        if not files:
            call = {"query": document, "variables": variables}
            return (await self.client.post("/graphql", json=call, headers=headers)).json()
        parts: list[Any] = [("operations", (None, operations)), ("map", (None, places))]
        parts += [(field, ("Zeta.png", content)) for field, content in files.items()]
        return (await self.client.post("/graphql", files=parts, headers=headers)).json()

    async def set_photo(self, content: bytes) -> str:
        """Set the student's photo; gives its URL."""
        answer = await self.mutate("setStudentPhoto", id=self.student, version=self.version, photo=content)
        assert answer == {"data": {"it": {"errors": []}}}
        self.version += 1
        ask = {"query": f'{{ student(id: "{self.student}") {{ photo {{ url }} }} }}'}
        found = (await self.client.post("/graphql", json=ask, headers=bearer(self.tokens["asha"]))).json()
        url: str = found["data"]["student"]["photo"]["url"]
        return url

    async def get(self, url: str, who: str | None, **headers: str) -> httpx.Response:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.client.get(url, headers=sent | (bearer(self.tokens[who]) if who else {}))


async def fill(urls: Urls) -> tuple[dict[str, str], str, str]:
    """Tokens of the users, and the ids of the student and of the school's profile."""
    async with owner_session(urls) as session:
        school = await create_institution(session, "GAMMA", "Gamma School")
        other = await create_institution(session, "DELTA", "Delta School")
        accounts, tokens = {}, {}
        for place, names in ((school, USERS), (other, {"zoe": Role.ADMIN})):
            for name, role in names.items():
                accounts[name] = await factories.create_user(session, place, username=name)
                await factories.give_role(session, accounts[name], role)
                tokens[name] = new_token(Kind.SESSION, place.id)
                await factories.open_session(session, accounts[name], token_hash=token_hash(tokens[name]))
        student = await factories.create_student(session, school, user_id=accounts["sita"].id)
        for name, child in (("gita", student), ("hari", await factories.create_student(session, school))):
            guardian = await factories.create_guardian(session, school, user_id=accounts[name].id)
            await factories.link_guardian(session, child, guardian, may_access_records=True)
        profile = await session.scalars(select(SchoolProfile).where(SchoolProfile.institution_id == school.id))
        return tokens, gid(student), gid(profile.one())
