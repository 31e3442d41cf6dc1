"""Roles without a rule of their own see the school's name and their own account, and nothing else."""

import pytest
from sqlalchemy import false

from models import Base, Institution, Role, SchoolProfile, Student, User, UserRole
from resolvers.access import WHOLE_SCHOOL, scope
from tests.answers import Answer, run
from tests.schema_map import entities, lists, lookups, type_of
from tests.worlds import COUNT, Worlds

OWN = 3
RULELESS = [pytest.param({role}, id=role) for role in Role if role not in WHOLE_SCHOOL]
RULELESS += [pytest.param(set(), id="none"), pytest.param(set(Role) - WHOLE_SCHOOL, id="all of them")]
SHOWN = {User, UserRole}


async def ask_as(worlds: Worlds, roles: set[Role], document: str, **variables: object) -> Answer:
    """As the user of row 3, who teaches a course, has given a mark, and has a guardian's and a student's record."""
    viewer = worlds.viewer(*roles, user_id=worlds.ours.ids["app_user"][OWN])
    return await run(worlds.database, viewer, document, variables)


@pytest.mark.parametrize("roles", RULELESS)
async def test_lists_are_empty(worlds: Worlds, roles: set[Role]) -> None:
    fields = " ".join(f"{name} {{ totalCount nodes {{ id }} }}" for name in lists().values())
    found = (await ask_as(worlds, roles, f"{{ {fields} }}")).found
    for model, name in lists().items():
        own = [{"id": worlds.ours.gid(model, OWN)}] if model in SHOWN else []
        assert found[name] == {"totalCount": len(own), "nodes": own}


@pytest.mark.parametrize("roles", RULELESS)
async def test_records_by_id_are_hidden(worlds: Worlds, roles: set[Role]) -> None:
    hidden = {name: worlds.ours.gid(model, OWN) for model, name in lookups().items() if model not in SHOWN}
    fields = " ".join(f'{name}(id: "{key}") {{ id }}' for name, key in hidden.items())
    found = (await ask_as(worlds, roles, f"{{ {fields} }}")).found
    assert set(found.values()) == {None}
    ids = [worlds.ours.gid(model, OWN) for model in entities() if model not in {*SHOWN, Institution, SchoolProfile}]
    answer = await ask_as(worlds, roles, "query($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=ids)
    assert answer.found["nodes"] == [None] * len(ids)


@pytest.mark.parametrize("roles", RULELESS)
async def test_the_own_account_leads_nowhere_else(worlds: Worlds, roles: set[Role]) -> None:
    document = """{
        me { username roles { user { id } } courses { id } gradesGiven { totalCount nodes { id } } externalIds { id } }
        institution { code }
        schoolProfile { schoolName }
        settings { key }
        configuration { academic { key } }
        currentSchoolYear { id }
    }"""
    assert (await ask_as(worlds, roles, document)).found == {
        "me": {
            "username": "user3",
            "roles": [{"user": {"id": worlds.ours.gid(User, OWN)}}],
            "courses": [],
            "gradesGiven": {"totalCount": 0, "nodes": []},
            "externalIds": [],
        },
        "institution": {"code": "OURS"},
        "schoolProfile": {"schoolName": "Our School"},
        "settings": [],
        "configuration": {"academic": []},
        "currentSchoolYear": None,
    }


@pytest.mark.parametrize("roles", RULELESS)
@pytest.mark.parametrize("relation", ["courses", "gradesGiven", "externalIds"])
async def test_filters_tell_nothing_about_hidden_rows(worlds: Worlds, roles: set[Role], relation: str) -> None:
    document = "query($where: UserWhere) { users(where: $where) { totalCount nodes { id } } }"
    assert (await ask_as(worlds, roles, document, where={relation: {}})).found["users"]["nodes"] == []
    negated = await ask_as(worlds, roles, document, where={"NOT": {relation: {}}})
    assert negated.found["users"]["nodes"] == [{"id": worlds.ours.gid(User, OWN)}]


@pytest.mark.parametrize("roles", RULELESS)
async def test_searches_find_the_own_account_alone(worlds: Worlds, roles: set[Role]) -> None:
    document = """{
        users(search: "user") { totalCount nodes { id } }
        students(search: "asha") { totalCount nodes { id } }
    }"""
    found = (await ask_as(worlds, roles, document)).found
    assert found["users"] == {"totalCount": 1, "nodes": [{"id": worlds.ours.gid(User, OWN)}]}
    assert found["students"] == {"totalCount": 0, "nodes": []}


@pytest.mark.parametrize("role", sorted(WHOLE_SCHOOL))
async def test_who_sees_the_whole_school(worlds: Worlds, role: Role) -> None:
    fields = " ".join(f"{name} {{ totalCount }}" for name in lists().values())
    found = (await worlds.ask(f"{{ {fields} }}", role)).found
    for model, name in lists().items():
        assert found[name]["totalCount"] >= COUNT, type_of(model)


async def test_roles_add_up(worlds: Worlds) -> None:
    answer = await worlds.ask("{ students { totalCount } }", Role.TEACHER, Role.REPORTER)
    assert answer.found["students"]["totalCount"] == COUNT


def test_a_model_without_a_rule_is_hidden() -> None:
    class Unheard(Base):
        __abstract__ = True

    assert str(scope(Unheard, Unheard, frozenset({Role.TEACHER}))) == str(false())
    assert str(scope(Student, Student, frozenset())) == str(false())
