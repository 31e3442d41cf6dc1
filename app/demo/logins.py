"""Logins of the demo schools: random passwords, kept in one file that only its owner can read.

The file is a JSON list: `[{"institution": "DEMO1", "username": "admin", "password": "…", "role": "ADMIN"}]`.
"""

import json
import os
import secrets
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

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
    """What the file holds; nothing where there is none. Raises ValueError on a file that is not ours."""
    path = folder / FILE_NAME
    if not path.exists():
        return []
    try:
        return [Login(**entry) for entry in json.loads(path.read_text(encoding="utf-8"))]
    except (ValueError, TypeError) as error:
        raise ValueError(f"{path} is not a list of logins ({error}); move it away") from error


def keep_logins(folder: Path, logins: list[Login]) -> None:
    """Add to the file; a login of the same institution and name gives way. Readers see the old file or the new one."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = {(login.institution, login.username): login for login in [*read_logins(folder), *logins]}
    # mkstemp makes the file with mode 600 from the start.
    handle, temporary = tempfile.mkstemp(prefix=f".{FILE_NAME}.", dir=folder)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump([asdict(login) for login in kept.values()], file, indent=2)
            file.write("\n")
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, folder / FILE_NAME)
    except BaseException:
        os.unlink(temporary)
        raise
