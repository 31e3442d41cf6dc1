"""Good calls of the mutations of people: see `tests/writing/good_calls.py`."""

import datetime
from collections.abc import Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from models import SchoolYear, Student
from tests import factories as make
from tests.factories import gid
from tests.uploads import upload_of
from tests.writing.calls import Call, Input, on

GONE = datetime.datetime(2025, 1, 1, tzinfo=datetime.UTC)
ADDRESS = {
    "houseNumber": "12",
    "street": "Mill Road",
    "village": "Kotagiri",
    "commune": "North",
    "district": "Nilgiris",
    "city": "Ooty",
    "province": "Tamil Nadu",
    "postalCode": "643001",
    "country": "IN",
}
GUARDIAN = {
    "firstName": "Leela",
    "lastName": "Menon",
    "singleName": "Leela M",
    "mobile": "9876500000",
    "phone": "0422 123456",
    "email": "leela@example.org",
    "occupation": "Nurse",
    "income": "240000.50",
    **ADDRESS,
    "birthDistrict": "Coimbatore",
    "church": "St. Mary",
    "believer": True,
    "numberOfChildren": 3,
}
LINK = {
    "relation": "MOTHER",
    "legalGuardian": True,
    "livesWith": True,
    "emergencyContact": True,
    "contactPriority": 2,
    "mayAccessRecords": True,
    "contactRestriction": "Not on Fridays",
    "consentsToMessages": True,
    "consentsToPhotos": False,
}
FAMILY = {
    "livingWith": "Both parents",
    "livingCondition": "Two rooms",
    "ownHouse": True,
    "religion": "Christian",
    "church": "St. Mary",
    "durationInDistrict": "Ten years",
    "canHelpSchool": True,
    "helpAmount": "500",
    "helpFrequency": "Monthly",
    "knowSchoolFrom": "A neighbour",
    "organisationHelp": "None",
    "povertyCard": "BPL-7",
}
SCHOLARSHIP = {
    "name": "Founders",
    "provider": "The trust",
    "basis": "Need",
    "amount": "1200.50",
    "currency": "EUR",
    "status": "PENDING",
    "startDate": "2025-07-01",
    "endDate": "2026-03-31",
}


STUDENT = {
    "firstName": "Anju",
    "lastName": "Menon",
    "preferredName": "Anjali",
    "gender": "OTHER",
    "dateOfBirth": "2014-02-28",
    "status": "INACTIVE",
    "registrationDate": "2025-07-15",
    "mobile": "9876511111",
    "phone": "0422 654321",
    "email": "anju@example.org",
    "emergencyContact": "Her aunt, 0422 777777",
    **ADDRESS,
    "birthDistrict": "Coimbatore",
    "religion": "Hindu",
    "caste": "Menon",
    "vaccinated": True,
    "previousSchool": "Mill Road School",
    "transferReason": "Moved",
    "registerToStudy": "Science",
    "needsClothes": True,
    "needsMaterials": True,
    "needsTransport": True,
    "nationalId": "2345 2345 2345",
    "health": "Asthma",
    "identifyingMarks": "A scar on the chin",
}


async def _create_student(session: AsyncSession, school: Any) -> Input:
    year = await make.create_school_year(session, school)
    span = {"schoolYear": gid(year), "gradeLevel": gid(await make.create_grade_level(session, school))}
    return {
        **STUDENT,
        "user": gid(await make.create_user(session, school)),
        "guardians": [
            {"guardian": gid(await make.create_guardian(session, school)), **LINK},
            {"newGuardian": await _with_account(session, school), "relation": "FATHER"},
        ],
        "familyInfo": FAMILY,
        "schoolEnrollment": {**span, "entryDate": "2025-08-01", "entryType": "TRANSFER"},
        "enrollments": [{"course": gid(await make.create_course(session, year)), "beginDate": "2025-08-04"}],
        "externalIds": [{"system": "ministry", "value": "M-77"}],
        "allowDuplicates": True,
    }


async def _import_students(session: AsyncSession, school: Any) -> Input:
    year, level = await make.create_school_year(session, school), await make.create_grade_level(session, school)
    await make.create_course(session, year, grade_level_id=level.id, section="A")
    names = "firstName;lastName;gender;dateOfBirth;externalId;gradeLevel;section;guardian1SingleName;guardian1Relation"
    row = f"Anju;Menon;FEMALE;2014-02-28;M-78;{level.code};A;Leela;MOTHER"
    return {"file": upload_of(f"{names}\n{row}\n"), "system": "ministry", "allowDuplicates": True}


async def _update_student(session: AsyncSession, school: Any) -> Input:
    student, user = await make.create_student(session, school), await make.create_user(session, school)
    return {"id": gid(student), "version": 1, **STUDENT, "user": gid(user)}


async def _retired_student(session: AsyncSession, school: Any) -> Any:
    return await make.create_student(session, school, deleted_at=GONE)


async def _enroll_in_school(session: AsyncSession, school: Any) -> Input:
    year, level = await make.create_school_year(session, school), await make.create_grade_level(session, school)
    student = gid(await make.create_student(session, school))
    span = {"schoolYear": gid(year), "gradeLevel": gid(level), "entryDate": "2025-07-01"}
    return {"student": student, **span, "entryType": "OTHER"}


async def _return_to_school(session: AsyncSession, school: Any) -> Input:
    student, year = await make.create_student(session, school), await make.create_school_year(session, school)
    level = gid(await make.create_grade_level(session, school))
    await make.admit(session, student, year, exit_date=datetime.date(2025, 7, 31))
    return {"student": gid(student), "schoolYear": gid(year), "gradeLevel": level, "entryDate": "2025-10-01"}


async def _span(session: AsyncSession, school: Any) -> Any:
    year = await make.create_school_year(session, school)
    return await make.admit(session, await make.create_student(session, school), year)


async def _leave_school(session: AsyncSession, school: Any) -> Input:
    span = await _span(session, school)
    year = await session.get_one(SchoolYear, (school.id, span.school_year_id))
    student = await session.get_one(Student, (school.id, span.student_id))
    await make.enroll(session, student, await make.create_course(session, year))
    return {"id": gid(span), "version": 1, "exitDate": "2025-10-31", "exitReason": "MOVED"}


async def _update_span(session: AsyncSession, school: Any) -> Input:
    next_year = await make.create_school_year(
        session,
        school,
        code="2026-2027",
        start_date=datetime.date(2026, 6, 1),
        end_date=datetime.date(2027, 4, 30),
        current=False,
    )
    span = {"schoolYear": gid(next_year), "gradeLevel": gid(await make.create_grade_level(session, school))}
    span |= {"entryDate": "2026-06-02", "entryType": "PROMOTED", "exitDate": "2026-12-01", "exitReason": "OTHER"}
    return {"id": gid(await _span(session, school)), "version": 1, **span}


async def _name(session: AsyncSession, school: Any) -> Any:
    return await make.name_outside(session, await make.create_student(session, school), system="ministry")


async def _set_name(session: AsyncSession, school: Any) -> Input:
    student = await make.create_student(session, school)
    await make.name_outside(session, student, system="ministry")
    return {"record": gid(student), "system": "ministry", "value": "M-77", "version": 1}


async def _with_account(session: AsyncSession, school: Any) -> Input:
    return GUARDIAN | {"user": gid(await make.create_user(session, school))}


async def _update_guardian(session: AsyncSession, school: Any) -> Input:
    guardian = gid(await make.create_guardian(session, school))
    return {"id": guardian, "version": 1, **await _with_account(session, school)}


async def _retired_guardian(session: AsyncSession, school: Any) -> Any:
    return await make.create_guardian(session, school, deleted_at=GONE)


async def _link_guardian(session: AsyncSession, school: Any) -> Input:
    student, guardian = await make.create_student(session, school), await make.create_guardian(session, school)
    return {"student": gid(student), "guardian": gid(guardian), **LINK}


async def _link(session: AsyncSession, school: Any) -> Any:
    student = await make.create_student(session, school)
    return await make.link_guardian(session, student, await make.create_guardian(session, school))


def _about_a_student(**given: Any) -> Call:
    async def call(session: AsyncSession, school: Any) -> Input:
        return {"student": gid(await make.create_student(session, school)), **given}

    return call


async def _family(session: AsyncSession, school: Any) -> Any:
    return await make.create_family_info(session, await make.create_student(session, school))


async def _scholarship(session: AsyncSession, school: Any) -> Any:
    return await make.create_scholarship(session, await make.create_student(session, school))


CALLS_OF_PEOPLE: Mapping[str, Call] = {
    "createStudent": _create_student,
    "importStudents": _import_students,
    "updateStudent": _update_student,
    "retireStudent": on(make.create_student),
    "restoreStudent": on(_retired_student),
    "enrollInSchool": _enroll_in_school,
    "leaveSchool": _leave_school,
    "returnToSchool": _return_to_school,
    "updateSchoolEnrollment": _update_span,
    "deleteSchoolEnrollment": on(_span),
    "setExternalId": _set_name,
    "removeExternalId": on(_name),
    "createGuardian": _with_account,
    "updateGuardian": _update_guardian,
    "retireGuardian": on(make.create_guardian),
    "restoreGuardian": on(_retired_guardian),
    "linkGuardian": _link_guardian,
    "updateGuardianLink": on(_link, **LINK),
    "unlinkGuardian": on(_link),
    "createFamilyInfo": _about_a_student(**FAMILY),
    "updateFamilyInfo": on(_family, **FAMILY),
    "deleteFamilyInfo": on(_family),
    "awardScholarship": _about_a_student(**SCHOLARSHIP),
    "updateScholarship": on(_scholarship, **SCHOLARSHIP),
    "deleteScholarship": on(_scholarship),
}
