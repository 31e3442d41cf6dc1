"""What is told on the channel, and whom it concerns."""

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from app import viewers
from app.viewers import Viewers
from models import Role
from resolvers.identity.revocation import Revocation, Subject
from resolvers.viewer import Viewer

TEACHER = Viewer(7, 3, frozenset({Role.TEACHER}), ZoneInfo("Asia/Kolkata"), 70)
# The operator 8 of institution 1, who acts in institution 3; and a key, whose number is that of the teacher.
OPERATOR = Viewer(8, 3, frozenset({Role.SUPERADMIN}), ZoneInfo("Asia/Kolkata"), 80, home_institution_id=1)
KEY = Viewer(0, 3, frozenset({Role.REPORTER}), ZoneInfo("Asia/Kolkata"), 0, key_id=7)
EVERYBODY = {"teacher": TEACHER, "operator": OPERATOR, "key": KEY}


@pytest.mark.parametrize(
    ("told", "concerned"),
    [
        ("user 3 7", {"teacher"}),
        ("user 1 8", {"operator"}),
        ("user 3 8", set()),
        ("user 1 7", set()),
        ("user 3 0", set()),
        ("session 3 70", {"teacher"}),
        ("session 1 80", {"operator"}),
        ("session 3 80", set()),
        ("session 3 0", set()),
        ("key 3 7", {"key"}),
        ("key 1 7", set()),
        ("institution 3 3", {"teacher", "operator", "key"}),
        ("institution 1 1", {"operator"}),
        ("institution 2 2", set()),
    ],
)
def test_whom_it_concerns(told: str, concerned: set[str]) -> None:
    revocation = Revocation.read(told)
    assert revocation is not None
    assert str(revocation) == told
    assert {name for name, viewer in EVERYBODY.items() if revocation.concerns(viewer)} == concerned


@pytest.mark.parametrize("told", ["", "user", "user 3", "user 3 7 1", "users 3 7", "user x 7", "user -3 7", "echo abc"])
def test_anything_else_is_passed_over(told: str) -> None:
    assert Revocation.read(told) is None


def remembering(**known: Viewer) -> Viewers:
    memory = Viewers()
    memory.trust()
    for name, viewer in known.items():
        memory.keep(name.encode(), viewer, until=5, heard=memory.heard)
    return memory


def test_who_is_revoked_is_forgotten_and_nobody_else() -> None:
    memory = remembering(**EVERYBODY)
    memory.revoke(Revocation(Subject.USER, 3, 7))
    assert memory.get(b"teacher", 0) is None
    assert memory.get(b"operator", 0) == OPERATOR
    assert memory.get(b"key", 0) == KEY


def test_nobody_is_remembered_for_longer_than_said() -> None:
    memory = remembering(teacher=TEACHER)
    assert memory.get(b"teacher", 4.9) == TEACHER
    assert memory.get(b"teacher", 5) is None


def test_who_was_looked_up_before_a_revocation_came_is_not_remembered_after_it() -> None:
    memory = remembering()
    heard = memory.heard
    memory.revoke(Revocation(Subject.USER, 3, 7))
    memory.keep(b"teacher", TEACHER, until=5, heard=heard)
    assert memory.get(b"teacher", 0) is None


def test_without_hearing_nothing_is_remembered() -> None:
    memory = remembering(teacher=TEACHER)
    memory.distrust()
    assert memory.get(b"teacher", 0) is None
    memory.keep(b"teacher", TEACHER, until=5, heard=memory.heard)
    memory.trust()
    assert memory.get(b"teacher", 0) is None


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(viewers, "TOKENS_REMEMBERED", 2)
    memory = remembering(a=TEACHER, b=replace(TEACHER, session_id=71), c=OPERATOR)
    assert [memory.get(name, 0) for name in (b"a", b"b", b"c")] == [None, None, OPERATOR]
