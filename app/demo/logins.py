"""Logins of the demo schools: random passwords, kept in one file that only its owner can read.

The file is a JSON list: `[{"institution": "DEMO1", "username": "admin", "password": "…", "role": "ADMIN"}]`.
"""

import json
import os
import secrets
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path


class LoginsError(Exception):
    """The file of the logins cannot be read or written; the message says why."""


FILE_NAME = "demo-logins.json"
# No letter or digit that looks like another.
ALPHABET = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
LENGTH = 16


@dataclass(frozen=True)
class Login:
    institution: str
    username: str
    password: str
    role: str


def new_password() -> str:
    """About 92 bits of chance; never from the seed."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def read_logins(folder: Path) -> list[Login]:
    """What the file holds; nothing where there is none. Raises LoginsError on a file that is not ours."""
    path = folder / FILE_NAME
    if not path.exists():
        return []
    try:
        return [Login(**entry) for entry in json.loads(path.read_text(encoding="utf-8"))]
    except (ValueError, TypeError) as error:
        raise LoginsError(f"{path} is not a list of logins: move it away ({error})") from error


def keep_logins(folder: Path, logins: list[Login]) -> None:
    """Add to the file; a login of the same institution and name gives way. Readers see the old file or the new one.

    Raises LoginsError where the file cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        kept = {(login.institution, login.username): login for login in [*read_logins(folder), *logins]}
        text = json.dumps([asdict(login) for login in kept.values()], indent=2)
        _replace(folder / FILE_NAME, f"{text}\n")
    except OSError as error:
        raise LoginsError(f"The logins cannot be kept in {folder / FILE_NAME}: {error.strerror}") from error


def _replace(path: Path, text: str) -> None:
    # mkstemp makes the file with mode 600 from the start.
    handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
