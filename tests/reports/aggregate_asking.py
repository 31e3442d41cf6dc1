"""The document that asks for aggregates, and its answers as tables."""

from typing import Any

ASK = """query ($of: AggregateOf!, $by: [AggregateBy!]!, $where: AggregateWhere, $year: ID) {
    aggregate(of: $of, groupBy: $by, where: $where, schoolYear: $year) {
        of smallest complete schoolYear { id } totals { ...G } groups { ...G } } }
    fragment G on AggregateGroup {
        students count percentage expected counted presentValue dropped amount currency
        subject { name } semester { id } gradeLevel { code } gender section village religion caste vaccinated
        needsClothes needsMaterials needsTransport povertyCard ownHouse scholarship }"""
FIELDS = {"GRADE_LEVEL": "gradeLevel"}
FIGURES = {
    "GRADES": ("percentage",),
    "ATTENDANCE": ("expected", "counted", "presentValue", "percentage"),
    "ENROLLMENTS": ("dropped",),
    "SCHOLARSHIPS": ("amount", "currency"),
}


def field(by: str) -> str:
    """The field that shows what a group is by, of a dimension."""
    first, *rest = FIELDS.get(by, by.lower()).split("_")
    return first + "".join(word.capitalize() for word in rest)


def value(group: dict[str, Any], by: str) -> Any:
    found = group[field(by)]
    return found["code"] if isinstance(found, dict) else found


def table(found: Any, of: str, *by: str) -> list[tuple[Any, ...]]:
    """The groups: what they are by, students, rows, and their figures."""
    names = ("students", "count", *FIGURES[of])
    return [(*(value(each, one) for one in by), *(each[name] for name in names)) for each in found]
