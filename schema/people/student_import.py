"""The mutation that makes students of the rows of a file."""

from collections.abc import Sequence

import strawberry

import models
from resolvers.errors import spelled
from resolvers.people.imported_guardians import MOST as GUARDIANS
from resolvers.people.imported_guardians import OF_GUARDIAN, OF_LINK
from resolvers.people.student_import import MOST, import_students
from resolvers.people.student_rows import COLUMNS, OF_STUDENT
from resolvers.upload import Upload
from resolvers.writing.bulk import RowOutcome
from schema import refs
from schema.bulk import operation_field, options, row_errors
from schema.errors import UserError
from schema.inputs import optional
from schema.mutation import mutation
from schema.payload import payload, record
from schema.people.new_students import PossibleDuplicate


def _listed(names: Sequence[str], before: str = "") -> str:
    return ", ".join(f"`{spelled(before + name)}`" for name in names)


FILE = (
    f"A CSV file in UTF-8 with at most {MOST:,} rows below a line of column names. Cells are set apart by commas,"
    f" semicolons or tabs. The columns are those of `CreateStudentInput`: {_listed(OF_STUDENT)}; of these"
    f" {_listed(COLUMNS.required)} must be there. For belonging to the school: `schoolYear` and `gradeLevel`, by their"
    " codes, `entryDate` and `entryType`; a row that has any of them makes a school enrolment, of the current school"
    " year where it names none, and `section` enrols the student in that grade level's and section's class: its"
    " homeroom, or else its course that is of no one subject. For guardians, with 1 or up to"
    f" {GUARDIANS} in their names: {_listed((*OF_LINK, *OF_GUARDIAN), 'guardian1_')}; the relation is UNKNOWN where it"
    " is left out, answers are no, and the place in the order of contacts is 1. A guardian of the same name and the"
    " same mobile or e-mail as one at the school, or further up, is that one, and is linked as they are; a row of which"
    " two are one person is refused. No other columns may be there. The case of their names, spaces, `-` and `_` make"
    " no difference. Days are written YYYY-MM-DD or as the school's setting DATE_FORMAT says, where that is of"
    " numbers and years of four digits; answers true or false, yes or no, 1 or 0; an empty cell says nothing."
)


@strawberry.input(description="Students who are to be added, as the rows of a file.")
@options
class ImportStudentsInput:
    file: Upload = strawberry.field(description=FILE)
    system: str | None = optional(
        "Which other system calls the students what the column `externalId` says. Must be given with that column. At"
        " most 100 characters."
    )
    allow_duplicates: bool | None = optional(
        "Whether to add students even if there are some, in the school or further up in the file, who may be the same."
        " Left out: no, their rows are refused."
    )


@strawberry.type(description="What became of one row of an imported file.")
class ImportedStudent:
    line: int = strawberry.field(description="Line of the file on which the row begins; the column names are line 1.")
    outcome: RowOutcome = strawberry.field(description="What became of it: CREATED or REFUSED.")
    student: refs.Student | None = record(models.Student, "The new student; null where the row was refused.")
    errors: list[UserError] = strawberry.field(
        resolver=row_errors("errors"),
        description="Why it was refused; empty where it was not. `field` is `file`, the line and the column.",
    )
    warnings: list[UserError] = strawberry.field(
        resolver=row_errors("warnings"),
        description="What refuses nobody in an import: details that the school requires of new students, an age at"
        " which it does not admit them, and guardians who are at the school and whose account gives them access to the"
        " records of the new student.",
    )
    possible_duplicates: list[PossibleDuplicate] = strawberry.field(
        description="Who may be the same student: at most 20 in the school, and lines further up in the file, whether"
        " or not these were refused."
    )


@payload("What became of each row, or why nobody was added.")
class ImportStudentsPayload:
    results: list[ImportedStudent] | None = strawberry.field(
        description="What became of each row; where a refused row refused all, those that were refused."
    )
    created: int | None = strawberry.field(description="How many students were added.")
    refused: int | None = strawberry.field(description="How many rows were refused.")
    operation: strawberry.ID | None = operation_field()


@strawberry.type
class StudentImportMutation:
    import_students = mutation(
        import_students,
        ImportStudentsInput,
        ImportStudentsPayload,
        "Add a student for each row of a file, with guardians, the place in the school and the class, by the rules of"
        " `createStudent`; student numbers are given. For ADMIN and REGISTRAR.",
    )
