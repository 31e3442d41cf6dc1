"""Keys in settings and in a file: weak ones are refused by the name of their setting, none is ever shown."""

import base64
import itertools
import os
import stat
import threading
from pathlib import Path

import pytest

from app.key_file import FILE_NAME, key_environment, load_keys
from app.keys import KeyTexts, new_key, parse_key, parse_keys
from app.settings import PREFIX, Settings, SettingsError

SEALING, INDEX, FORMER = "SCHOOLGRAPH_SEALING_KEYS", "SCHOOLGRAPH_BLIND_INDEX_KEY", "SCHOOLGRAPH_FORMER_BLIND_INDEX_KEY"
GOOD, OTHER = new_key(), new_key()


@pytest.fixture(autouse=True)
def _empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ["DATABASE_URL", "DATABASE_OWNER_URL", *(name for name in os.environ if name.startswith(PREFIX))]:
        monkeypatch.delenv(name, raising=False)


def written(key: bytes) -> str:
    return base64.b64encode(key).decode()


WEAK = {
    "no base64": ("not a key!", "a key is 32 bytes in base64"),
    "too short": (written(os.urandom(16)), "a key has 32 bytes, this one has 16"),
    "too long": (written(os.urandom(33)), "a key has 32 bytes, this one has 33"),
    "all the same": (written(b"\xa7" * 32), "this one could be guessed"),
    "counted up": (written(bytes(range(32))), "this one could be guessed"),
    "counted down by three": (written(bytes(250 - 3 * n for n in range(32))), "this one could be guessed"),
    "repeated": (written(os.urandom(8) * 4), "this one could be guessed"),
    "a text": (written(b"change me, change me, change me!"), "this one could be guessed"),
    "hexadecimal": (written(os.urandom(16).hex().encode()), "this one could be guessed"),
}


@pytest.mark.parametrize("name", WEAK)
def test_a_weak_key_is_refused_without_being_shown(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    key, told = WEAK[name]
    for setting, value in ((SEALING, f"1:{key}"), (INDEX, key), (FORMER, key)):
        monkeypatch.setenv(setting, value)
        with pytest.raises(SettingsError) as caught:
            Settings()
        monkeypatch.delenv(setting)
        lines = str(caught.value).splitlines()
        assert [line.partition(":")[0] for line in lines] == [setting]
        assert told in lines[0]
        assert key not in str(caught.value)


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        (GOOD, "each key is written id:key"),
        (f"x:{GOOD}", "each key is written id:key"),
        (f"0:{GOOD}", "the id from 1 to 65535"),
        (f"65536:{GOOD}", "the id from 1 to 65535"),
        (f"1:{GOOD},", "each key is written id:key"),
        (f"1:{GOOD},1:{OTHER}", "two keys have the id 1"),
        (f"1:{GOOD},01:{OTHER}", "two keys have the id 1"),
        (f"1:{GOOD},2:{GOOD}", "two keys are the same"),
        (f"1:{GOOD},2:short", "key 2: a key is 32 bytes in base64"),
    ],
    ids=itertools.count(),
)
def test_several_keys_are_told_apart(monkeypatch: pytest.MonkeyPatch, keys: str, told: str) -> None:
    monkeypatch.setenv(SEALING, keys)
    with pytest.raises(SettingsError) as caught:
        Settings()
    assert str(caught.value).startswith(f"{SEALING}: ")
    assert told in str(caught.value)
    assert GOOD not in str(caught.value)


def test_one_key_does_not_do_two_things(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SEALING, f"1:{GOOD}")
    for name in (INDEX, FORMER):
        monkeypatch.setenv(name, GOOD)
        with pytest.raises(SettingsError, match=f"{INDEX}: two keys are the same") as caught:
            Settings()
        assert GOOD not in str(caught.value)
        monkeypatch.delenv(name)


def test_keys_are_not_shown_with_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SEALING, f"1:{GOOD}")
    monkeypatch.setenv(INDEX, OTHER)
    settings = Settings()
    for shown in (repr(settings), str(settings), settings.model_dump_json(), repr(settings.key_texts)):
        assert GOOD not in shown
        assert OTHER not in shown


def test_keys_are_read_in_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SEALING, f"20:{GOOD}, 3:{OTHER}")
    monkeypatch.setenv(INDEX, new_key())
    keys = load_keys(Settings(database_url="postgresql://api@/school"))
    assert list(keys.sealing.items()) == [(20, parse_key(GOOD)), (3, parse_key(OTHER))]
    assert keys.former_index is None


def test_either_alphabet_of_base64_is_read() -> None:
    key = bytes([251, 255, 254, *os.urandom(29)])
    assert parse_key(base64.urlsafe_b64encode(key).decode()) == parse_key(written(key)) == key


def test_new_keys_are_good_ones() -> None:
    made = [new_key() for _ in range(2000)]
    assert len(set(made)) == 2000
    assert {len(parse_key(key)) for key in made} == {32}
    assert len(parse_keys(",".join(f"{n}:{key}" for n, key in enumerate(made, 1)))) == 2000


@pytest.mark.parametrize("given", [{}, {SEALING: f"1:{GOOD}"}, {INDEX: OTHER}])
def test_a_database_of_somebody_elses_needs_keys(monkeypatch: pytest.MonkeyPatch, given: dict[str, str]) -> None:
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    missing = INDEX if SEALING in given else SEALING
    with pytest.raises(SettingsError, match=f"^{missing} is not set: "):
        load_keys(Settings(database_url="postgresql://api@/school"))


def test_half_of_the_keys_is_never_made_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(SEALING, f"1:{GOOD}")
    with pytest.raises(SettingsError, match=f"^{INDEX} is not set: "):
        load_keys(Settings(data=tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_an_embedded_database_gets_a_file_of_keys(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data")
    keys = load_keys(settings)
    path = tmp_path / "data" / FILE_NAME
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in path.parent.iterdir()] == [FILE_NAME]
    again = load_keys(settings)
    assert (again.sealing, again.index) == (keys.sealing, keys.index)
    assert list(keys.sealing) == [1]


def test_workers_are_told_what_the_file_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    told = key_environment(settings)
    assert told.keys() == {SEALING, INDEX}
    keys = load_keys(settings)
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    of_worker = load_keys(Settings(database_url="postgresql://api@/school"))
    assert (of_worker.sealing, of_worker.index) == (keys.sealing, keys.index)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o620, 0o644])
def test_a_file_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    settings = Settings(data=tmp_path)
    load_keys(settings)
    path = tmp_path / FILE_NAME
    path.chmod(mode)
    with pytest.raises(SettingsError) as caught:
        load_keys(settings)
    assert str(caught.value) == f"{path} can be read or written by others: chmod 600 {path}"


@pytest.mark.parametrize(
    "content",
    ["", "nonsense\n", f"{SEALING}=1:{GOOD}\n", f"{SEALING}=1:{GOOD}\n{INDEX}={OTHER}\nMORE=1\n",
     f"{SEALING}=1:{GOOD}\n{INDEX}={GOOD}\n", f"{SEALING}=1:short\n{INDEX}={GOOD}\n"],
    ids=itertools.count(),
)  # fmt: skip
def test_a_file_of_something_else_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / FILE_NAME
    path.touch(mode=0o600)
    path.write_text(content)
    with pytest.raises(SettingsError) as caught:
        load_keys(Settings(data=tmp_path))
    assert str(caught.value).startswith(str(path))
    assert GOOD not in str(caught.value)
    assert path.read_text() == content


def test_processes_that_start_together_get_the_same_keys(tmp_path: Path) -> None:
    settings, found, ready = Settings(data=tmp_path), [], threading.Barrier(8)

    def start() -> None:
        ready.wait()
        found.append(load_keys(settings))

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({keys.index for keys in found}) == 1
    assert len(found) == 8


def test_the_texts_of_keys_say_what_is_missing() -> None:
    with pytest.raises(ValueError, match="both needed"):
        KeyTexts(None, GOOD, None).keys()
