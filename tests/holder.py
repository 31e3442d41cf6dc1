"""A process that uses the embedded database in the folder it is given, until its standard input ends."""

import sys
from pathlib import Path

from app.postgres import cluster
from app.settings import Settings

# A killed process loses nothing of what the system has taken, and no test cuts the power.
QUICK = {"fsync": "off"}

if __name__ == "__main__":
    with cluster(Settings(data=Path(sys.argv[1]), database_url=None), options=QUICK) as found:
        print(found.admin, flush=True)
        sys.stdin.read()
