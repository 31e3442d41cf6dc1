"""Where an embedded cluster lives and who owns it: as root, and as an ordinary user.

As root the server runs as `nobody`, who can enter neither a home of mode 0700 nor a checkout in it. No permission of
any folder is changed for that: what the server needs is then kept below `/var/lib/schoolgraph`.
"""

import fcntl
import hashlib
import os
import pwd
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.keeper import lock

STATE = Path("/var/lib/schoolgraph")
# The system's own limit for the path of a socket, macOS being the strictest.
LONGEST_SOCKET = 103


class DatabaseError(Exception):
    """The embedded database cannot be used; the message says why and what to do."""


@dataclass(frozen=True)
class Account:
    """The user that the server runs as where we are root, which PostgreSQL refuses."""

    user: int
    group: int

    def keywords(self) -> dict[str, Any]:
        """For `subprocess`: the program runs as this user."""
        return {"user": self.user, "group": self.group, "extra_groups": []}


def server_account() -> Account | None:
    """``nobody`` where we are root: an account that every machine has."""
    if os.geteuid() != 0:
        return None
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        raise DatabaseError("PostgreSQL does not run as root, and there is no user 'nobody' to run it as") from None
    return Account(nobody.pw_uid, nobody.pw_gid)


def state_folder() -> Path:
    """Root's own folder that everybody can enter."""
    if not STATE.exists():
        STATE.mkdir(parents=True, exist_ok=True)
        STATE.chmod(0o755)
    return STATE


def cluster_folder(data: Path, name: str, account: Account | None) -> Path:
    """The folder of one cluster: `DATA/NAME`, or the one that the file `DATA/NAME.path` names.

    Raises DatabaseError where it belongs to somebody else or cannot be reached by the server's user.
    """
    data.mkdir(parents=True, exist_ok=True)
    home = data / name
    if account and not home.exists() and not _open_to_others(data):
        home = _elsewhere(data / f"{name}.path")
    if not home.exists():
        home.mkdir(exist_ok=True)
        home.chmod(0o711 if account else 0o700)
    owner = home.stat().st_uid
    if owner != os.geteuid():
        raise DatabaseError(
            f"{home} belongs to {_name(owner)}: start as that user, or set SCHOOLGRAPH_DATA to another folder"
        )
    if account and not _open_to_others(home):
        raise DatabaseError(f"{home} cannot be reached by 'nobody', as which PostgreSQL runs where we are root")
    return home


def socket_folder(home: Path, account: Account | None) -> Path:
    """A folder that only the server's user (and root) can enter; a short one where the cluster's path is too long."""
    folder = home / "socket"
    if len(os.fsencode(folder / ".s.PGSQL.5432")) > LONGEST_SOCKET:
        folder = Path("/tmp", f"schoolgraph-{hashlib.sha256(os.fsencode(home)).hexdigest()[:16]}")
    user = account.user if account else os.geteuid()
    try:
        folder.mkdir(mode=0o700)
        os.chown(folder, user, account.group if account else -1)
    except FileExistsError:
        found = folder.lstat()
        # Root may have been stopped between the two steps above.
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (user, os.geteuid()) or found.st_mode & 0o077:
            raise DatabaseError(f"{folder} is not a folder of {_name(user)} alone: remove it") from None
        os.chown(folder, user, account.group if account else -1)
    return folder


def _elsewhere(record: Path) -> Path:
    """The folder that the record names. A new one has a new name: a new checkout finds nothing of an old one."""
    guard = lock(record.with_suffix(".lock"), fcntl.LOCK_EX)
    assert guard is not None
    try:
        if not record.exists():
            place = tempfile.mkdtemp(dir=state_folder(), prefix="cluster-")
            Path(place).chmod(0o711)
            record.write_text(f"{place}\n")
        return Path(record.read_text().strip())
    finally:
        os.close(guard)


def _open_to_others(folder: Path) -> bool:
    return all(each.stat().st_mode & stat.S_IXOTH for each in (folder, *folder.parents))


def _name(user: int) -> str:
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return f"user {user}"
