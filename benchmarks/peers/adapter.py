"""How this server differs from the others of the yardstick: run by its `bench.py`, in its own Python.

Ids carry a prefix, pages go by cursor, closed sets are spelled in capitals, and whoever asks must have signed in.
"""

import base64
import hashlib
import json
import os
import pathlib
import re
import urllib.request
from typing import Any

PREFIXES = {"id": "stu", "courseId": "crs", "semesterId": "sem"}
ID = re.compile(r"[a-z]{3}_(?:\d{8}_)?(\d+)")
VALUES: dict[str, str | bool] = {
    "MALE": "male",
    "FEMALE": "female",
    "ACTIVE": "active",
    "INACTIVE": "inactive",
    "FATHER": "Father",
    "MOTHER": "Mother",
    "PRESENT": "Present",
    "ABSENT": "Absent",
    "LATE": "Late",
    "EXCUSED": "Excused",
    "COMPLETED": False,
    "DROPPED": True,
}
# A cursor begins with a signature of its list and order.
SIGNATURE = hashlib.sha256(b"student:student_number+,id+:").hexdigest()[:8]
LOGIN = """
mutation ($institution: String!, $username: String!, $password: String!) {
  login(input: { institution: $institution, username: $username, password: $password }) { token errors { message } }
}
"""


def cursor(students: int) -> str | None:
    """The place after so many students by student number, which the loader gave them by key; none at the start."""
    if students == 0:
        return None
    place = json.dumps([SIGNATURE, f"STU-2023-{students:05}", students], separators=(",", ":"))
    return base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")


def variables(op: str, values: dict[str, Any]) -> dict[str, Any]:
    """The values of one request, by the names in `operations.graphql`."""
    if "offset" in values:
        return {"limit": values["limit"], "after": cursor(values["offset"])}
    return {name: f"{PREFIXES[name]}_{value}" if name in PREFIXES else value for name, value in values.items()}


def value(leaf: Any) -> Any:
    """One answered value in the yardstick's spelling."""
    if not isinstance(leaf, str):
        return leaf
    found = ID.fullmatch(leaf)
    return int(found[1]) if found else VALUES.get(leaf, leaf)


def headers() -> dict[str, str]:
    """The token of a session opened now, with the sign-in that the loader left."""
    home = pathlib.Path(os.environ["PEERS_HOME"])
    login = json.loads((home / "run" / f"schoolgraph-{os.environ['PEERS_SIZE']}.json").read_text())
    request = urllib.request.Request(
        os.environ.get("SCHOOLGRAPH_URL", "http://127.0.0.1:8200/graphql"),
        json.dumps({"query": LOGIN, "variables": login}).encode(),
        {"content-type": "application/json"},
    )
    with urllib.request.urlopen(request) as response:
        answer = json.load(response)
    return {"Authorization": f"Bearer {answer['data']['login']['token']}"}
