"""OneRoster packages for tests: a small sound one as tables of rows, changed at will, and written as a zip or folder.

Row n of a table, counted from 0, stands on line n + 2 of its file.
"""

import csv
import io
import zipfile
from pathlib import Path
from typing import Any

Tables = dict[str, list[dict[str, str]]]

HEADERS = {
    "orgs": "sourcedId status dateLastModified name type identifier parentSourcedId",
    "academicSessions": "sourcedId status dateLastModified title type startDate endDate parentSourcedId schoolYear",
    "courses": "sourcedId status dateLastModified schoolYearSourcedId title courseCode grades orgSourcedId subjects"
    " subjectCodes",
    "classes": "sourcedId status dateLastModified title grades courseSourcedId classCode classType location"
    " schoolSourcedId termSourcedIds subjects subjectCodes periods",
    "users": "sourcedId status dateLastModified enabledUser username userIds givenName familyName middleName identifier"
    " email sms phone agentSourcedIds grades password userMasterIdentifier preferredGivenName primaryOrgSourcedId",
    "roles": "sourcedId status dateLastModified userSourcedId roleType role beginDate endDate orgSourcedId",
    "enrollments": "sourcedId status dateLastModified classSourcedId schoolSourcedId userSourcedId role primary"
    " beginDate endDate",
    "demographics": "sourcedId status dateLastModified birthDate sex cityOfBirth",
    "categories": "sourcedId status dateLastModified title weight",
    "lineItems": "sourcedId status dateLastModified title description assignDate dueDate classSourcedId"
    " categorySourcedId academicSessionSourcedId resultValueMin resultValueMax schoolSourcedId",
    "results": "sourcedId status dateLastModified lineItemSourcedId studentSourcedId scoreStatus score scoreDate"
    " comment textScore classSourcedId",
    "scoreScales": "sourcedId status dateLastModified title type orgSourcedId courseSourcedId classSourcedId"
    " scoreScaleValue",
}
# 1.1 has no roles.csv, and calls the period of a line item otherwise.
HEADERS_1_1 = {name: header for name, header in HEADERS.items() if name not in ("roles", "scoreScales")} | {
    "users": "sourcedId status dateLastModified enabledUser orgSourcedIds role username userIds givenName familyName"
    " middleName identifier email sms phone agentSourcedIds grades password",
    "lineItems": "sourcedId status dateLastModified title description assignDate dueDate classSourcedId"
    " categorySourcedId gradingPeriodSourcedId resultValueMin resultValueMax",
}
YEAR = ("2024-06-03", "2025-04-30")


def row(source: str, **values: str) -> dict[str, str]:
    return {"sourcedId": source, **values}


def _users() -> list[dict[str, str]]:
    users = [
        row(
            f"stu-{n}",
            givenName=name,
            familyName="Rao",
            grades="09",
            identifier=f"N-{n}",
            agentSourcedIds="gua-1" if n < 3 else "gua-2",
            primaryOrgSourcedId="org-1",
        )
        for n, name in ((1, "Asha"), (2, "Ravi"), (3, "Meera"))
    ]
    users += [
        row(f"gua-{n}", givenName=name, familyName="Rao", phone=f"080-55500{n}", primaryOrgSourcedId="org-1")
        for n, name in ((1, "Lata"), (2, "Mohan"))
    ]
    users += [
        row(
            f"tea-{n}",
            enabledUser="true",
            username=f"teacher{n}",
            givenName=name,
            familyName="Nair",
            email=f"teacher{n}@example.org",
            primaryOrgSourcedId="org-1",
        )
        for n, name in ((1, "Uma"), (2, "Hari"))
    ]
    return users


def _people() -> Tables:
    users = _users()
    kinds = {"stu": "student", "gua": "parent", "tea": "teacher"}
    roles = [
        row(
            f"rol-{user['sourcedId']}",
            userSourcedId=user["sourcedId"],
            roleType="primary",
            role=kinds[user["sourcedId"][:3]],
            orgSourcedId="org-1",
        )
        for user in users
    ]
    births = [row(f"stu-{n}", birthDate=f"2010-0{n}-15", sex="female" if n != 2 else "male") for n in (1, 2, 3)]
    births.append(row("gua-1", sex="female"))
    return {"users": users, "roles": roles, "demographics": births}


def _classes() -> list[dict[str, str]]:
    return [
        row(
            f"cls-{n}",
            title=f"Science 9{section}",
            grades="9",
            courseSourcedId="crs-1",
            classCode=f"9{section}",
            classType="scheduled",
            schoolSourcedId="org-1",
            termSourcedIds="as-s1,as-s2",
        )
        for n, section in ((1, "A"), (2, "B"))
    ]


def _teaching() -> Tables:
    span = {"beginDate": YEAR[0], "endDate": YEAR[1]}
    taken = [("stu-1", "cls-1"), ("stu-2", "cls-1"), ("stu-3", "cls-2")]
    enrollments = [
        row(
            f"enr-{n}",
            classSourcedId=cls,
            schoolSourcedId="org-1",
            userSourcedId=student,
            role="student",
            primary="false",
            **span,
        )
        for n, (student, cls) in enumerate(taken, 1)
    ]
    enrollments += [
        row(
            f"enr-t{n}",
            classSourcedId=f"cls-{n}",
            schoolSourcedId="org-1",
            userSourcedId=f"tea-{n}",
            role="teacher",
            primary="true",
            **span,
        )
        for n in (1, 2)
    ]
    return {"classes": _classes(), "enrollments": enrollments}


def _marks() -> Tables:
    items = [
        row(
            f"li-{n}",
            title="Midterm",
            dueDate="2024-09-16",
            classSourcedId=f"cls-{n}",
            categorySourcedId="cat-1",
            academicSessionSourcedId="as-s1",
            resultValueMin="0",
            resultValueMax="20",
        )
        for n in (1, 2)
    ]
    results = [
        row(
            f"res-{n}",
            lineItemSourcedId=item,
            studentSourcedId=f"stu-{n}",
            scoreStatus="fully graded",
            score=score,
            scoreDate="2024-09-16",
        )
        for n, item, score in ((1, "li-1", "15.5"), (2, "li-1", "8"), (3, "li-2", "20"))
    ]
    return {"categories": [row("cat-1", title="Exam", weight="60")], "lineItems": items, "results": results}


def sound() -> Tables:
    """One district with one school, a year of two semesters, two classes, three students of two families."""
    years = [
        row("as-y", title="2024-2025", type="schoolYear", startDate=YEAR[0], endDate=YEAR[1], schoolYear="2025"),
        row(
            "as-s1",
            title="First semester",
            type="semester",
            startDate="2024-06-03",
            endDate="2024-10-31",
            parentSourcedId="as-y",
            schoolYear="2025",
        ),
        row(
            "as-s2",
            title="Second semester",
            type="semester",
            startDate="2024-11-04",
            endDate="2025-04-30",
            parentSourcedId="as-y",
            schoolYear="2025",
        ),
    ]
    return {
        "orgs": [
            row("org-d", name="District", type="district", identifier="D"),
            row("org-1", name="North School", type="school", identifier="NORTH", parentSourcedId="org-d"),
        ],
        "academicSessions": years,
        "courses": [
            row(
                "crs-1", schoolYearSourcedId="as-y", title="Science", courseCode="SCI", grades="9", orgSourcedId="org-1"
            )
        ],
        **_people(),
        **_teaching(),
        **_marks(),
    }


def as_1_1(tables: Tables) -> Tables:
    """The same content as OneRoster 1.1 writes it."""
    old = {name: [dict(each) for each in rows] for name, rows in tables.items() if name != "roles"}
    roles = {each["userSourcedId"]: each for each in tables["roles"]}
    for user in old["users"]:
        user |= {"role": roles[user["sourcedId"]]["role"], "orgSourcedIds": roles[user["sourcedId"]]["orgSourcedId"]}
    for item in old["lineItems"]:
        item["gradingPeriodSourcedId"] = item.pop("academicSessionSourcedId")
    return old


def render(header: list[str], rows: list[dict[str, str]], *, end: str = "\n") -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, header, restval="", lineterminator=end, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def manifest(files: dict[str, Any], *, mode: str = "bulk", version: str = "1.2", **modes: str) -> bytes:
    listed = {name: mode for name in HEADERS if f"{name}.csv" in files}
    lines = {"manifest.version": "1.0", "oneroster.version": version}
    lines |= {f"file.{name}": listed.get(name, "absent") for name in HEADERS}
    lines |= {f"file.{name}": value for name, value in modes.items()}
    rows = [{"propertyName": name, "value": value} for name, value in lines.items()]
    return render(["propertyName", "value"], rows).encode()


def files(
    tables: Tables, *, mode: str = "bulk", version: str = "1.2", without: tuple[str, ...] = ()
) -> dict[str, bytes]:
    """The files of a package, by name, `without` columns written as `users.sms`; to be spoilt or written."""
    headers = HEADERS_1_1 if version == "1.1" else HEADERS
    content: dict[str, bytes] = {}
    for name, rows in tables.items():
        header = [column for column in headers[name].split() if f"{name}.{column}" not in without]
        content[f"{name}.csv"] = render(header, rows).encode()
    return {"manifest.csv": manifest(content, mode=mode, version=version), **content}


def write_zip(path: Path, content: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    return path


def write_folder(path: Path, content: dict[str, bytes]) -> Path:
    path.mkdir()
    for name, data in content.items():
        (path / name).write_bytes(data)
    return path
