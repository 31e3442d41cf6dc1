"""`python -m app keys` from the outside, on the embedded database with the file of its keys."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.key_file import FILE_NAME, load_keys
from app.keys import new_key, parse_key, parse_keys
from app.owner import owner_session
from app.settings import Settings
from app.urls import Urls
from resolvers.institution.institution import create_institution
from resolvers.people.student_secrets import new_keys, sealed_columns
from resolvers.sealing import Sealer
from tests.embedded import reachable_folder, removed, used
from tests.factories import create_student
from tests.ports import free_port
from tests.test_database_commands import run

SEALING, INDEX, FORMER = "SCHOOLGRAPH_SEALING_KEYS", "SCHOOLGRAPH_BLIND_INDEX_KEY", "SCHOOLGRAPH_FORMER_BLIND_INDEX_KEY"
DIGITS = "234523452345"


@pytest.fixture(scope="module")
def data() -> Iterator[Path]:
    """A folder with a database in which one student has a national id and health notes."""
    with removed(reachable_folder()) as folder:
        assert run("migrate", data=folder)[0] == 0
        with used(folder) as urls, asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
            runner.run(
                fill(
                    urls,
                    Sealer(
                        load_keys(Settings(data=folder, database_url=None, sealing_keys=None, blind_index_key=None))
                    ),
                )
            )
        yield folder


async def fill(urls: Urls, sealer: Sealer) -> None:
    async with owner_session(urls) as session:
        school = await create_institution(session, "ALPHA", "Alpha", levels=False)
        (key,) = await new_keys(session, 1)
        columns = sealed_columns(sealer, school.id, key, {"national_id": DIGITS, "health": "Asthma"})
        await create_student(session, school, id=key, **columns)


def told(*arguments: str, data: Path, **environment: str) -> tuple[int, list[str]]:
    status, said = run("keys", *arguments, data=data, **environment)
    assert DIGITS not in said
    # How far it is comes beside it, on standard error.
    return status, [line for line in said.splitlines() if not line.startswith("student: ")]


def test_keys_are_made_as_settings(tmp_path: Path) -> None:
    status, (sealing, index) = told("generate", data=tmp_path)
    assert status == 0
    assert list(parse_keys(sealing.removeprefix(f"{SEALING}="))) == [1]
    assert len(parse_key(index.removeprefix(f"{INDEX}="))) == 32
    status, (one,) = told("generate", "--id", "7", data=tmp_path)
    assert (status, list(parse_keys(one))) == (0, [7])
    assert list(tmp_path.iterdir()) == []


def test_keys_are_changed_step_by_step(data: Path) -> None:
    assert told("status", data=data) == (
        0,
        ["key 1, current: 1 of student.health_sealed, 1 of student.national_id_sealed"],
    )
    assert told("rotate", data=data) == (0, ["Nothing to do."])
    change(data, SEALING, lambda keys: f"2:{new_key()},{keys}")
    status, lines = told("rotate", data=data)
    assert status == 0
    assert [line for line in lines if "anew" in line] == [
        "1 of student.health_sealed sealed anew with key 2",
        "1 of student.national_id_sealed sealed anew with key 2",
    ]
    assert told("status", data=data) == (
        0,
        ["key 1, known: nothing", "key 2, current: 1 of student.health_sealed, 1 of student.national_id_sealed"],
    )
    change(data, SEALING, lambda keys: keys.partition(",")[0])
    assert told("status", data=data)[0] == 0


def test_the_index_is_made_anew(data: Path) -> None:
    path = data / FILE_NAME
    former = given(path)[INDEX]
    change(data, INDEX, lambda _: new_key())
    status, lines = told("status", "--institution", "ALPHA", data=data, **{FORMER: former, **given(path)})
    assert (status, lines[-1]) == (0, "blind index: 1 under the former key")
    assert told("rotate", data=data, **{FORMER: former, **given(path)})[1][-1] == "1 indexed anew"
    assert told("status", data=data, **{FORMER: former, **given(path)})[1][-1] == "blind index: 1 under the current key"
    assert told("rotate", data=data) == (0, ["Nothing to do."])


def test_a_key_in_use_that_is_not_known_is_told(data: Path) -> None:
    lost = {SEALING: f"9:{new_key()}", INDEX: new_key()}
    status, lines = told("status", data=data, **lost)
    assert status == 1
    assert lines[0].endswith("NOT KNOWN: 1 of student.health_sealed, 1 of student.national_id_sealed")
    assert lines[1] == "key 9, current: nothing"
    status, lines = told("rotate", data=data, **lost)
    assert status == 1
    assert "which is not among the keys of this process" in lines[-1]
    status, said = run("doctor", data=data, **lost)
    assert status == 1
    assert "  no   The keys are those of the database\n" in said
    status, said = run("serve", "--port", str(free_port()), data=data, **lost)
    assert status == 1
    assert "The keys are not those of this database; the server does not start:\n" in said


def test_a_school_that_does_not_exist_is_told(data: Path) -> None:
    for command in ("status", "rotate"):
        status, lines = told(command, "--institution", "NONE", data=data)
        assert (status, lines[-1]) == (1, "institution: there is no school with the code NONE")


def test_the_owner_is_needed(tmp_path: Path) -> None:
    for command in ("status", "rotate"):
        status, lines = told(command, data=tmp_path, DATABASE_URL="postgresql://api@/school?host=/nowhere")
        assert status == 1
        assert lines[-1].startswith("DATABASE_OWNER_URL is not set: ")


def given(path: Path) -> dict[str, str]:
    return dict(line.split("=", 1) for line in path.read_text().splitlines())


def change(data: Path, name: str, how: Callable[[str], str]) -> None:
    """As an operator would, with an editor."""
    path = data / FILE_NAME
    lines = given(path)
    lines[name] = how(lines[name])
    path.write_text("".join(f"{name}={value}\n" for name, value in lines.items()))
