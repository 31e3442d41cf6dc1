"""What is asked: the operations of `operations.graphql`, each with what it is asked with."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.school import School

TEXT = (Path(__file__).resolve().parent / "operations.graphql").read_text()
PARENTS = (50, 100, 200)


@dataclass(frozen=True)
class Operation:
    """`name` is the operation in the document, `title` its line in the table."""

    title: str
    name: str
    variables: dict[str, Any]


def operations(school: School) -> list[Operation]:
    samples = school.samples
    student = {"student": samples["student"]}
    marks = {"course": samples["marked"], "semester": samples["semester"]}
    listed = {"course": samples["taught"], "from": samples["from"], "to": samples["to"]}
    return [
        Operation("one student, 8 scalars", "student", student),
        Operation("one student with everything", "everything", student),
        *(Operation(f"page of {count}, nested", "page", {"first": count}) for count in PARENTS),
        Operation("marks of a course and semester", "marks", marks),
        Operation("attendance list", "attendance", listed),
        Operation("flat list, 1,000 by 12", "flat", {"first": 1_000}),
        Operation("flat list, 10,000 by 12", "flat", {"first": 10_000}),
    ]
