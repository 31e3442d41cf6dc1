"""Files that must be refused: each with the code, file and line of the diagnostic that tells why.

A case begins from a sound package. `rows` change its tables, `bytes` its written files, `whole` the package itself.
"""

import io
import os
import random
import zipfile
from collections.abc import Callable
from pathlib import Path

from tests.importing.cases import Content, content, edit, rows, whole
from tests.importing.packages import Tables, files, manifest, row, sound, write_folder, write_zip


def _zip_bytes(folder: Path, change: Callable[[bytes], bytes]) -> Path:
    path = write_zip(folder / "package.zip", files(sound()))
    path.write_bytes(change(path.read_bytes()))
    return path


def _spoil_users(data: bytes) -> bytes:
    """Turn over bits in the middle of the packed users.csv."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entry = archive.getinfo("users.csv")
    middle = entry.header_offset + 30 + len("users.csv") + entry.compress_size // 2
    return data[:middle] + bytes(byte ^ 0xFF for byte in data[middle : middle + 8]) + data[middle + 8 :]


def _encrypted(data: bytes) -> bytes:
    """Set the flag of encryption in the last entry of the directory."""
    at = data.rindex(b"PK\x01\x02") + 8
    return data[:at] + bytes([data[at] | 1]) + data[at + 1 :]


def _linked(folder: Path) -> Path:
    path = write_folder(folder / "linked", files(sound()))
    (path / "users.csv").rename(folder / "elsewhere.csv")
    os.symlink(folder / "elsewhere.csv", path / "users.csv")
    return path


def _with(name: str, data: bytes = b"sourcedId\n") -> Callable[[Content], object]:
    return lambda written: written.update({name: data})


def _replace(file: str, old: bytes, new: bytes) -> Callable[[Content], object]:
    def change(written: Content) -> None:
        assert old in written[file]
        written[file] = written[file].replace(old, new, 1)

    return change


def _recoded(encoding: str) -> Callable[[Content], object]:
    def change(written: Content) -> None:
        text = written["users.csv"].decode().replace("Meera", "Mééra")
        written["users.csv"] = text.encode(encoding)

    return change


def _relist(**modes: str) -> Callable[[Content], object]:
    return lambda written: written.update({"manifest.csv": manifest(written, **modes)})


def _package_named(name: str) -> Callable[[Path], Path]:
    return lambda folder: write_zip(folder / "package.zip", {**files(sound()), name: b"x\n"})


def _text_file(folder: Path) -> Path:
    path = folder / "package.zip"
    path.write_text("this is no zip")
    return path


def _bomb(folder: Path) -> Path:
    return write_zip(folder / "package.zip", {**files(sound()), "results.csv": b"0" * 20_000_000})


def _many(folder: Path) -> Path:
    return write_zip(folder / "package.zip", files(sound()) | {f"extra{n}.csv": b"x\n" for n in range(100)})


def _twice(file: str, index: int, **changes: str) -> Callable[[Tables], object]:
    """A row once more, at the end of its table, with other values."""
    return lambda tables: tables[file].append({**tables[file][index], **changes})


def _schoolless(tables: Tables) -> None:
    """A district and a department, of which no earlier import knows."""
    for name, listed in tables.items():
        tables[name] = [
            {column: "org-7" if value == "org-1" else value for column, value in each.items()} for each in listed
        ]
    tables["orgs"][1]["type"] = "department"


def _newcomer(tables: Tables) -> None:
    tables["users"].append(row("stu-9", givenName="Tara", familyName="Rao"))
    tables["roles"].append(row("rol-9", userSourcedId="stu-9", role="student", orgSourcedId="org-1"))


def _renamed_year(tables: Tables) -> None:
    for name, listed in tables.items():
        tables[name] = [
            {column: "as-z" if value == "as-y" else value for column, value in each.items()} for each in listed
        ]


def _alike_year(tables: Tables) -> None:
    tables["academicSessions"].append(
        row("as-z", title="2024-2025", type="schoolYear", startDate="2025-06-02", endDate="2026-04-30")
    )


def _alike_scales(tables: Tables) -> None:
    scale = {"title": "Percent", "type": "letters", "orgSourcedId": "org-1", "scoreScaleValue": "{0-49:C},{50-100:A}"}
    tables["scoreScales"] = [row(f"sc-{n}", **scale) for n in (1, 2)]


def _alike_classes(tables: Tables) -> None:
    """Told apart by the end of their sourcedIds, which is the same."""
    tables["classes"] += [{**tables["classes"][0], "sourcedId": f"cls-{n}-{'x' * 20}", "title": "Lab"} for n in (3, 4)]


# Ten megabytes in one cell, on one line and on many; they do not compress well.
NOISE = random.Random(7).randbytes(5_000_000).hex().encode()
LINES = b"\n".join(NOISE[start : start + 1000] for start in range(0, len(NOISE), 1000))

PACKAGES = [
    whole("no file", "not_found", "nothing.zip", lambda folder: folder / "nothing.zip"),
    whole("no zip", "zip_damaged", "package.zip", _text_file),
    whole("truncated", "zip_damaged", "package.zip", lambda f: _zip_bytes(f, lambda data: data[: len(data) // 2])),
    whole("damaged inside", "zip_damaged", "users.csv", lambda f: _zip_bytes(f, _spoil_users)),
    whole("encrypted", "zip_encrypted", "results.csv", lambda f: _zip_bytes(f, _encrypted)),
    whole("zip bomb", "zip_bomb", "results.csv", _bomb),
    whole("too many files", "too_many_files", None, _many),
    whole("path upwards", "unsafe_path", "../users.csv", _package_named("../users.csv")),
    whole("path with backslashes", "unsafe_path", "..\\users.csv", _package_named("..\\users.csv")),
    whole("path from the root", "unsafe_path", "/etc/users.csv", _package_named("/etc/users.csv")),
    whole("path with a drive", "unsafe_path", "C:users.csv", _package_named("C:users.csv")),
    whole("folder inside", "nested_folder", "data/users.csv", _package_named("data/users.csv")),
    whole("same name twice", "duplicate_file", "USERS.csv", _package_named("USERS.csv")),
    whole("link in a folder", "unsafe_path", "users.csv", _linked),
]
FILES = [
    content("no manifest", "missing_file", "manifest.csv", None, lambda written: written.pop("manifest.csv")),
    content("listed but missing", "missing_file", "manifest.csv", 8, lambda written: written.pop("users.csv")),
    content("unknown mode", "enum", "manifest.csv", 8, _relist(users="full")),
    content("unknown version", "version", "manifest.csv", 3, _relist(version="2.0")),
    content(
        "header without a column", "wrong_header", "users.csv", 1, _replace("users.csv", b"givenName", b"forename")
    ),
    content("column twice", "duplicate_column", "users.csv", 1, _replace("users.csv", b"password", b"EMAIL")),
    content("empty file", "empty_file", "orgs.csv", 1, _with("orgs.csv", b"")),
    content("row too short", "column_count", "orgs.csv", 3, _replace("orgs.csv", b",NORTH,", b",NORTH")),
    content("open quote", "csv_syntax", "orgs.csv", 3, _replace("orgs.csv", b"North School", b'"North School')),
    content("NUL byte", "nul_byte", "users.csv", 4, _replace("users.csv", b"Meera", b"Mee\0ra")),
    content("Latin-1", "encoding", "users.csv", 4, _recoded("latin-1")),
    content("UTF-16", "encoding", "users.csv", 1, _recoded("utf-16")),
    content("huge line", "cell_too_large", "users.csv", 4, _replace("users.csv", b"Meera", NOISE)),
    content("huge cell", "cell_too_large", "users.csv", 4, _replace("users.csv", b"Meera", b'"' + LINES + b'"')),
]
CELLS = [
    edit("31 February", "date", "demographics.csv:3", "birthDate", "2010-02-31"),
    edit("date in another order", "date", "enrollments.csv:2", "beginDate", "1/05/2023"),
    edit("year out of reach", "date", "enrollments.csv:3", "endDate", "9999-12-31"),
    edit("no number", "number", "results.csv:2", "score", "15,5"),
    edit("too many decimals", "number", "results.csv:3", "score", "8.00001"),
    edit("too many digits", "number", "lineItems.csv:2", "resultValueMax", "2000000"),
    edit("negative weight", "number", "categories.csv:2", "weight", "-1"),
    edit("unknown role", "enum", "roles.csv:4", "role", "pupil"),
    edit("neither true nor false", "boolean", "enrollments.csv:5", "primary", "maybe"),
    edit("too long", "too_long", "users.csv:2", "givenName", "A" * 51),
    edit("too long in a list", "too_long", "classes.csv:3", "subjects", "Science," + "S" * 101),
    edit("missing value", "required", "classes.csv:2", "title", ""),
    edit("no sourcedId", "required", "categories.csv:2", "sourcedId", ""),
    edit("unknown status", "enum", "users.csv:3", "status", "deleted"),
]
RELATIONS = [
    rows("duplicate id", "duplicate_id", "users.csv:9", _twice("users", 0)),
    rows("duplicate id of a class", "duplicate_id", "classes.csv:4", _twice("classes", 1, title="Another")),
    edit("unknown class", "unknown_reference", "enrollments.csv:2", "classSourcedId", "cls-9"),
    edit("unknown guardian", "unknown_reference", "users.csv:2", "agentSourcedIds", "gua-1,gua-9"),
    edit("unknown user", "unknown_reference", "roles.csv:3", "userSourcedId", "stu-9"),
    edit("unknown school", "unknown_reference", "classes.csv:2", "schoolSourcedId", "org-9"),
    edit("unknown term", "unknown_reference", "classes.csv:3", "termSourcedIds", "as-s1,as-s9"),
    edit("unknown course", "unknown_reference", "classes.csv:3", "courseSourcedId", "crs-9"),
    edit("unknown line item", "unknown_reference", "results.csv:4", "lineItemSourcedId", "li-9"),
    edit("unknown category", "unknown_reference", "lineItems.csv:2", "categorySourcedId", "cat-9"),
    edit("demographics of nobody", "unknown_reference", "demographics.csv:2", "sourcedId", "stu-9"),
    edit("unknown parent", "unknown_reference", "orgs.csv:3", "parentSourcedId", "org-9"),
    edit("cycle of organisations", "cycle", "orgs.csv:2", "parentSourcedId", "org-1"),
    rows(
        "cycle of sessions",
        "cycle",
        "academicSessions.csv:3",
        lambda tables: (
            tables["academicSessions"][1].update(parentSourcedId="as-s2"),
            tables["academicSessions"][2].update(parentSourcedId="as-s1"),
        ),
    ),
    edit("session outside its year", "outside_year", "academicSessions.csv:4", "endDate", "2025-05-31"),
    edit("session ends first", "ends_before_begin", "academicSessions.csv:3", "endDate", "2024-06-01"),
    rows(
        "session of no year",
        "no_school_year",
        "academicSessions.csv:3",
        lambda tables: tables["academicSessions"][1].update(parentSourcedId="", schoolYear=""),
    ),
    rows("no school", "no_school", "orgs.csv", _schoolless),
    rows(
        "school of another package",
        "code_taken",
        "orgs.csv:3",
        lambda tables: tables["orgs"][1].update(name="South School", identifier="SOUTH"),
    ),
    edit("enrolment ends first", "ends_before_begin", "enrollments.csv:2", "endDate", "2024-06-01"),
    rows(
        "enrolment after the year",
        "outside_year",
        "enrollments.csv:3",
        lambda tables: tables["enrollments"][1].update(beginDate="2025-06-01", endDate="2025-06-30"),
    ),
    rows(
        "enrolled twice",
        "overlap",
        "enrollments.csv:7",
        _twice("enrollments", 0, sourcedId="enr-9", beginDate="2024-09-02"),
    ),
    edit("student of another school", "not_at_school", "enrollments.csv:2", "userSourcedId", "gua-1"),
    edit("teacher who is none", "not_at_school", "enrollments.csv:5", "userSourcedId", "gua-1"),
    edit("mark out of its scale", "out_of_range", "results.csv:2", "score", "20.5"),
    edit("mark below its scale", "out_of_range", "results.csv:3", "score", "-1"),
    edit("mark of a stranger to the class", "not_enrolled", "results.csv:2", "studentSourcedId", "stu-3"),
    edit("mark before the class", "not_enrolled", "results.csv:3", "scoreDate", "2024-06-02"),
    edit("mark without a score", "score_missing", "results.csv:4", "score", ""),
    rows("mark twice", "duplicate_record", "results.csv:5", _twice("results", 0, sourcedId="res-9")),
    edit("mark under another id", "duplicate_record", "results.csv:2", "sourcedId", "res-9"),
    edit("teacher under another id", "duplicate_record", "enrollments.csv:5", "sourcedId", "enr-9"),
    rows("year under another id", "overlap", "academicSessions.csv:2", _renamed_year),
    rows("two years of one name", "name_taken", "academicSessions.csv:5", _alike_year),
    rows("two scales of one title", "name_taken", "scoreScales.csv:3", _alike_scales),
    rows("two classes of one section", "name_taken", "classes.csv:5", _alike_classes),
    edit("course without a title", "required", "courses.csv:2", "title", ""),
    edit("scale upside down", "out_of_range", "lineItems.csv:3", "resultValueMax", "0"),
    rows(
        "new student without a birth date",
        "required",
        "users.csv:9",
        _newcomer,
    ),
    edit("born after the registration", "date", "demographics.csv:4", "birthDate", "2024-06-03"),
]

CASES = [*PACKAGES, *FILES, *CELLS, *RELATIONS]
