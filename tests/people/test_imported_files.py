"""Files that are no list of students, and the forms in which lists come."""

import codecs

import pytest

from resolvers.errors import Invalid
from resolvers.people.student_rows import COLUMNS as KNOWN
from resolvers.writing import csv_file
from resolvers.writing.csv_file import MOST_CHARACTERS, Columns, read_csv
from tests.academics.marking import refusals
from tests.audited import audited
from tests.conftest import Execute, School
from tests.database import OneConnection
from tests.mutating import done, mutate
from tests.uploads import upload_of

HEADER = "firstName,lastName,gender,dateOfBirth"
ROW = "Anju,Menon,FEMALE,2014-02-28"
QUOTED = '"Mill; Road,\n12 ""A"""'
PLAIN = f"{HEADER}\n{ROW}\n"
SHOWN = "results { line student { firstName lastName street } }"
FORMS: list[tuple[bytes, int, str | None]] = [
    (PLAIN.encode(), 2, None),
    (codecs.BOM_UTF8 + PLAIN.encode(), 2, None),
    (PLAIN.replace(",", ";").encode(), 2, None),
    (PLAIN.replace(",", "\t").replace("\n", "\r\n").encode(), 2, None),
    (f"\n\n{HEADER}\n,,,\n\n{ROW}".encode(), 6, None),
    (f'"First name",last_name,GENDER,"date-of-birth",street\n{ROW},{QUOTED}'.encode(), 2, 'Mill; Road,\n12 "A"'),
    (f"street,{HEADER}\n\" \",{ROW}\n".encode(), 2, None),
]  # fmt: skip
COLUMNS = "they are firstName, lastName, preferredName, gender, dateOfBirth, status, registrationDate"
BROKEN: list[tuple[bytes, str, str]] = [
    (b"", "file", "is empty"),
    (b"\n \n", "file", "is empty"),
    (HEADER.encode(), "file", "has no rows below its header"),
    (PLAIN.encode("utf-16"), "file", "is in UTF-16: save it as CSV in UTF-8"),
    (b"PK\x03\x04rest", "file", "is an Excel workbook or a zip: save it as CSV in UTF-8"),
    (b"%PDF-1.7", "file", "is a PDF: save it as CSV in UTF-8"),
    (b"\x89PNG\r\n\x1a\n\0\0", "file", "line 3 has a NUL byte, which no text has"),
    (
        f"{HEADER}\nZoë,Menon,FEMALE,2014-02-28".encode("latin-1"),
        "file",
        "byte eb in line 2 is not UTF-8: save it as CSV in UTF-8",
    ),
    (f'{PLAIN}"Anju,Menon\nFEMALE'.encode(), "file", "line 3 is no proper CSV: unexpected end of data"),
    (f'{PLAIN}"Anju"x,Menon,F,1'.encode(), "file", "line 3 is no proper CSV: ',' expected after '\"'"),
    (f"{HEADER},firstname\n{ROW},x".encode(), "file.1", "the column firstName is there twice"),
    (f"{HEADER},\n{ROW},x".encode(), "file.1", "column 5 has no name"),
    (b"firstName,gender\nAnju,FEMALE", "file.1", "the column lastName, dateOfBirth is missing"),
    (f"{HEADER},colour\n{ROW},red".encode(), "file.1", f"'colour' is no column: {COLUMNS}"),
    (f"{HEADER},studentNumber\n{ROW},7".encode(), "file.1", f"'studentNumber' is no column: {COLUMNS}"),
    (b"x" * 20_001, "file.1", "has 20001 characters, and a line of column names has at most 20000"),
    (f"{HEADER}{',x' * 200}\n{ROW}".encode(), "file.1", "has 204 columns, and there are"),
    (f'"\n"{",x" * 200}\n{ROW}'.encode(), "file.1", "has 201 columns, and there are"),
    (f"{PLAIN}Ravi,Rao,MALE\n".encode(), "file.3", "has 3 cells, but the header has 4"),
    (f"{PLAIN}Ravi,Rao,MALE,2014-02-28,x\n".encode(), "file.3", "has 5 cells, but the header has 4"),
    ((PLAIN + f"{ROW}\n" * 10_000).encode(), "file", "has more than 10000 rows, the most that are imported at once"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "line", "street"), FORMS, ids=[str(place) for place in range(len(FORMS))])
async def test_lists_come_in_several_forms(execute: Execute, content: bytes, line: int, street: str | None) -> None:
    payload = await done(execute, "importStudents", SHOWN, file=upload_of(content))
    student = {"firstName": "Anju", "lastName": "Menon", "street": street}
    assert payload == {"results": [{"line": line, "student": student}]}


@pytest.mark.parametrize(("content", "field", "words"), BROKEN, ids=[str(place) for place in range(len(BROKEN))])
async def test_a_file_that_is_no_list_is_refused_with_the_place(
    connections: OneConnection, school: School, execute: Execute, content: bytes, field: str, words: str
) -> None:
    async with audited(connections, school, nothing=True):
        payload = await mutate(execute, "importStudents", "created", file=upload_of(content))
    (error,) = refusals(payload["errors"])
    assert error[:2] == ("BAD_USER_INPUT", field)
    assert error[2].startswith(f"{field}: {words}")
    assert payload["created"] is None


async def test_all_that_is_wrong_with_a_header_is_told(execute: Execute) -> None:
    file = upload_of("firstName,colour,firstName,\nx,y,z,a\n")
    payload = await mutate(execute, "importStudents", "created", file=file)
    assert [error["message"].split(":")[1].strip() for error in payload["errors"]] == [
        "'colour' is no column",
        "the column firstName is there twice",
        "column 4 has no name",
        "the column lastName, gender, dateOfBirth is missing",
    ]


async def test_of_a_header_with_hardly_a_known_name_some_is_told(execute: Execute) -> None:
    file = upload_of(f"{','.join(f'x{place}' for place in range(50))}\n")
    payload = await mutate(execute, "importStudents", "created", file=file)
    messages = [error["message"] for error in payload["errors"]]
    assert len(messages) == 20
    assert messages[-1] == "file.1: the column firstName, lastName, gender, dateOfBirth is missing"


def test_a_long_header_is_not_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    names, plain = list[str](), csv_file._plain

    def counted(name: str) -> str:
        names.append(name)
        return plain(name)

    monkeypatch.setattr(csv_file, "_plain", counted)
    with pytest.raises(Invalid):
        read_csv(b"x," * MOST_CHARACTERS, Columns(KNOWN.known, KNOWN.required), 1)
    assert names == []

    read_csv(PLAIN.encode(), Columns(KNOWN.known, KNOWN.required), 1)
    # Each column that there is, once; what the line is under three signs; and the names themselves.
    assert len(names) == len(KNOWN.known) + (4 + 1 + 1) + 4
