"""Where the yardstick's PostgreSQL and our databases in it are, and where the sign-in for them is kept.

The yardstick's own variables are read: PEERS_PG_PORT (54329), PEERS_HOME (`~/.cache/school-peers`). Its PostgreSQL
listens on the loopback only and trusts whoever connects, so that the URLs hold no password.
"""

import json
import os
from pathlib import Path

from app.urls import Urls

SIZES = ("small", "large")
CODE = "YARD"


def _url(user: str, database: str) -> str:
    return f"postgresql://{user}@127.0.0.1:{os.environ.get('PEERS_PG_PORT', '54329')}/{database}"


def databases(size: str) -> tuple[str, str]:
    """The names of the yardstick's database and of ours, of the same school."""
    return f"school_{size}", f"schoolgraph_{size}"


def yardstick_url(size: str) -> str:
    """The yardstick's database, as its superuser."""
    return _url("school", databases(size)[0])


def urls_of(size: str) -> Urls:
    """Our database of the same school."""
    name = databases(size)[1]
    return Urls(_url("schoolgraph_api", name), _url("schoolgraph_owner", name), _url("school", "postgres"))


def secret_path(size: str) -> Path:
    home = Path(os.environ.get("PEERS_HOME") or Path.home() / ".cache" / "school-peers")
    return home / "run" / f"schoolgraph-{size}.json"


def keep_secret(size: str, login: dict[str, str]) -> None:
    """Write the sign-in where the adapter finds it, readable by its owner alone."""
    path = secret_path(size)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(login, file)
