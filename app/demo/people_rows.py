"""Rows of the people of a demo school, as columns for COPY."""

from typing import Any

from app.demo.columns import Columns, columns_of
from app.demo.load import Loader
from app.demo.school import School
from app.demo.secrets import columns_of_secrets
from models import GuardianRelation

ADDRESS = "house_number street village district city province postal_code country"
PARENTS = (GuardianRelation.FATHER, GuardianRelation.MOTHER)


def _address(path: str) -> dict[str, str]:
    return {name: f"{path}.{name}" for name in ADDRESS.split()}


async def load_staff(loader: Loader, school: School) -> None:
    names = "id username first_name last_name position email mobile password_hash"
    await loader.number("app_user", school.staff)
    await loader.copy("app_user", columns_of(school.staff, names))
    await loader.copy("user_role", columns_of(school.staff, "role", user_id="id"))


async def load_families(loader: Loader, school: School) -> None:
    guardians = [guardian for home in school.homes for guardian in home.guardians]
    names = "id first_name last_name single_name mobile email occupation income church believer number_of_children"
    await loader.number("guardian", guardians)
    await loader.copy("guardian", columns_of(guardians, names, **_address("address")))
    names = (
        "id student_number first_name last_name preferred_name gender date_of_birth status registration_date mobile"
        " email emergency_contact vaccinated previous_school transfer_reason needs_clothes needs_materials"
        " needs_transport"
    )
    noted = {"religion": "home.community.religion", "caste": "home.caste", "birth_district": "home.address.district"}
    await loader.number("student", school.students)
    columns = columns_of(school.students, names, **noted, **_address("home.address"))
    sealed = columns_of_secrets(loader.sealer, loader.institution_id, school.students, school.secrets)
    await loader.copy("student", {**columns, **sealed})
    await loader.copy("student_guardian", _links(school))
    await _load_background(loader, school)


def _links(school: School) -> Columns:
    """Brothers and sisters share their guardians."""
    rows: list[tuple[Any, ...]] = [
        (
            student.id,
            guardian.id,
            guardian.relation,
            guardian.relation in PARENTS or len(home.guardians) == 1,
            guardian.lives_with,
            priority == len(home.guardians),
            priority,
            guardian.contact_restriction is None and (guardian.relation in PARENTS or len(home.guardians) == 1),
            guardian.contact_restriction,
        )
        for home in school.homes
        for student in home.students
        for priority, guardian in enumerate(home.guardians, 1)
    ]
    names = (
        "student_id guardian_id relation legal_guardian lives_with emergency_contact contact_priority"
        " may_access_records contact_restriction"
    )
    return dict(zip(names.split(), zip(*rows, strict=True), strict=True))


async def _load_background(loader: Loader, school: School) -> None:
    names = "living_with own_house church can_help_school help_amount help_frequency organisation_help poverty_card"
    paths = {
        "student_id": "student.id",
        "religion": "student.home.community.religion",
        "living_condition": "student.home.living_condition",
        "duration_in_district": "student.home.duration_in_district",
        "know_school_from": "student.home.know_school_from",
    }
    await loader.copy("family_info", columns_of(school.family_info, names, **paths))
    names = "name provider basis amount currency status start_date end_date"
    await loader.copy("scholarship", columns_of(school.scholarships, names, student_id="student.id"))
