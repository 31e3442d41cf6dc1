"""The file of the demo logins."""

import json
import stat
from pathlib import Path

import pytest

from app.demo.logins import FILE_NAME, Login, LoginsError, keep_logins, new_password, read_logins
from resolvers.identity.passwords import check_password, verify_password
from tests.demo.conftest import Demo, Fetch

pytestmark = pytest.mark.any_database

ADMIN = Login("DEMO1", "admin", "one", "ADMIN")


def test_the_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    keep_logins(tmp_path / "made" / "on the way", [ADMIN])
    path = tmp_path / "made" / "on the way" / FILE_NAME
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert json.loads(path.read_text()) == [
        {"institution": "DEMO1", "username": "admin", "password": "one", "role": "ADMIN"}
    ]
    assert [each.name for each in path.parent.iterdir()] == [FILE_NAME]


def test_logins_are_added_and_renewed(tmp_path: Path) -> None:
    other, renewed = Login("DEMO2", "admin", "two", "ADMIN"), Login("DEMO1", "admin", "three", "ADMIN")
    keep_logins(tmp_path, [ADMIN])
    keep_logins(tmp_path, [other, renewed])
    assert read_logins(tmp_path) == [renewed, other]
    assert stat.S_IMODE((tmp_path / FILE_NAME).stat().st_mode) == 0o600


@pytest.mark.parametrize("text", ["", "{}x", "[1]", '[{"institution": "DEMO1"}]', '"text"', "\udcff"])
def test_a_file_that_is_not_ours_is_left_alone(tmp_path: Path, text: str) -> None:
    content = text.encode(errors="surrogateescape")
    (tmp_path / FILE_NAME).write_bytes(content)
    with pytest.raises(LoginsError, match="is not a list of logins"):
        keep_logins(tmp_path, [ADMIN])
    assert (tmp_path / FILE_NAME).read_bytes() == content


def test_a_folder_that_cannot_be_one(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(LoginsError, match="cannot be kept in"):
        keep_logins(tmp_path / "file", [ADMIN])


def test_passwords_are_long_by_chance_and_accepted() -> None:
    made = {new_password() for _ in range(100)}
    assert len(made) == 100
    for password in made:
        check_password(password, username="admin", shortest=16)


async def test_the_logins_of_a_school_open_it(demo: Demo, fetch: Fetch) -> None:
    logins = read_logins(demo.folder)
    assert logins == demo.made.logins
    assert [(each.institution, each.username, each.role) for each in logins] == [
        ("DEMO1", "admin", "ADMIN"),
        ("DEMO1", "reporter", "REPORTER"),
    ]
    query = (
        "SELECT password_hash FROM app_user u JOIN user_role r ON r.user_id = u.id WHERE username = $1 AND role = $2"
    )
    for login in logins:
        assert await verify_password(await fetch(query, login.username, login.role), login.password)
