"""The manifest of a OneRoster package: its version, and for each file whether it is absent, in bulk or a delta."""

from dataclasses import dataclass, field
from enum import StrEnum

from app.importing.csv_rows import read_rows
from app.importing.diagnostics import Broken, Findings, error, warning
from app.importing.package import Package

FILE = "manifest.csv"
VERSIONS = ("1.1", "1.2")


class Mode(StrEnum):
    ABSENT = "absent"
    BULK = "bulk"
    DELTA = "delta"


@dataclass
class Manifest:
    """`modes` is by the name of the table in lower case: `academicsessions`, `users` …"""

    version: str = "1.2"
    modes: dict[str, Mode] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)

    def holds(self, table: str) -> bool:
        """Whether the package brings rows of this table."""
        return self.modes.get(table.lower(), Mode.ABSENT) is not Mode.ABSENT


def _take(manifest: Manifest, name: str, value: str, line: int, findings: Findings) -> None:
    if name == "oneroster.version":
        if not value.startswith(VERSIONS):
            reason = f"this version is not known; known are {' and '.join(VERSIONS)}"
            raise Broken(error("version", reason, FILE, line, column="value", value=value))
        manifest.version = value
    elif name.startswith("file."):
        table = name.removeprefix("file.")
        if table in manifest.modes:
            findings.add(error("duplicate_id", "is listed twice", FILE, line, column="propertyName", value=name))
        elif value.lower() not in tuple(Mode):
            findings.add(error("enum", "is not absent, bulk or delta", FILE, line, column="value", value=value))
        else:
            manifest.modes[table], manifest.lines[table] = Mode(value.lower()), line


def _compare(manifest: Manifest, package: Package, findings: Findings) -> None:
    """What the manifest lists and what the package holds have to agree; without a word, a file counts as bulk."""
    for table, mode in manifest.modes.items():
        listed = mode is not Mode.ABSENT
        if listed and f"{table}.csv" not in package:
            reason = f"the manifest lists {table} as {mode}, but the package has no such file"
            findings.add(error("missing_file", reason, FILE, manifest.lines[table], column="value", value=str(mode)))
        if not listed and f"{table}.csv" in package:
            name = package.names[f"{table}.csv"]
            findings.add(warning("ignored_file", "is left out: the manifest calls it absent", name))
    for lower, name in package.names.items():
        if lower != FILE and lower.removesuffix(".csv") not in manifest.modes:
            manifest.modes[lower.removesuffix(".csv")] = Mode.BULK
            findings.add(warning("unlisted_file", "is not in the manifest; it is read as bulk", name))


def read_manifest(package: Package, findings: Findings) -> Manifest:
    """Raises Broken where there is none or its version is not known."""
    if FILE not in package:
        raise Broken(error("missing_file", "a OneRoster package has a manifest.csv", FILE))
    manifest = Manifest()
    with package.open(FILE) as stream:
        for row in read_rows(stream, FILE, required=("propertyName", "value"), findings=findings):
            name, value = (cell.strip() for cell in row.cells)
            _take(manifest, name.lower(), value, row.line, findings)
    _compare(manifest, package, findings)
    return manifest
