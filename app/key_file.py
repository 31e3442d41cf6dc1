"""The keys of this process: from the settings, or for an embedded database from a file beside it.

The file is made at the first start, one `NAME=value` a line as an environment has them, and only its owner may read it.
Whoever loses it loses what was sealed: a backup of the database is worth nothing without it, and is kept apart from it.
"""

import contextlib
import os
import tempfile
from pathlib import Path

from app.keys import KeyTexts, new_key
from app.settings import Settings, SettingsError, environment_name
from resolvers.sealing import Keys

FILE_NAME = "keys"


class KeyFileError(SettingsError):
    """The file of the keys cannot be used; the message names it and says why."""


def load_keys(settings: Settings) -> Keys:
    """Raises SettingsError where keys are missing that must be given, or where others can read the file."""
    return _texts(settings).keys()


def key_environment(settings: Settings) -> dict[str, str]:
    """The keys as settings, for the workers of this process, which are told of a database like any other."""
    return _named(_texts(settings))


def _named(texts: KeyTexts) -> dict[str, str]:
    return {environment_name(name): text for name, text in texts.given()}


def _texts(settings: Settings) -> KeyTexts:
    found = settings.key_texts
    if found.sealing_keys or found.blind_index_key or settings.database_url is not None:
        for name in ("sealing_keys", "blind_index_key"):
            if not getattr(found, name):
                raise SettingsError(
                    f"{environment_name(name)} is not set: national ids and health notes are sealed with it;"
                    " `python -m app keys generate` makes one"
                )
        return found
    path = settings.data / FILE_NAME
    if not path.exists():
        _make(path)
    return _read(path)


def _make(path: Path) -> None:
    """The first process makes it; a second one finds what the first has written, never half of it."""
    texts = KeyTexts(f"1:{new_key()}", new_key(), None)
    content = "".join(f"{name}={text}\n" for name, text in _named(texts).items())
    path.parent.mkdir(parents=True, exist_ok=True)
    # Made with mode 600.
    number, name = tempfile.mkstemp(dir=path.parent, prefix=FILE_NAME)
    try:
        with open(number, "w", encoding="ascii") as file:
            file.write(content)
            file.flush()
            os.fsync(number)
        with contextlib.suppress(FileExistsError):
            os.link(name, path)
    finally:
        os.unlink(name)


def _read(path: Path) -> KeyTexts:
    if path.stat().st_mode & 0o077:
        raise KeyFileError(f"{path} can be read or written by others: chmod 600 {path}")
    lines = (line.partition("=") for line in path.read_text(encoding="ascii").splitlines() if line)
    found = {name: text for name, _, text in lines}
    fields = {field: found.pop(environment_name(field), None) for field in KeyTexts.fields()}
    if found or not (fields["sealing_keys"] and fields["blind_index_key"]):
        raise KeyFileError(f"{path} is not a file of keys as the first start writes it")
    try:
        texts = KeyTexts(**fields)
        texts.keys()
    except ValueError as error:
        raise KeyFileError(f"{path}: {error}") from None
    return texts
