"""Families: guardians with occupations and incomes, one address, and one to four children, most at the school."""

import random
from decimal import Decimal

from app.demo.calendar import Year
from app.demo.contacts import Contacts
from app.demo.names import COMMUNITIES, Community
from app.demo.people import Address, Guardian, Home
from app.demo.places import (
    CASTE_GROUPS,
    CHURCHES,
    DURATIONS,
    HOMEMAKER,
    KNOWS_SCHOOL_FROM,
    LIVING_CONDITIONS,
    OCCUPATIONS,
    STREETS,
    Town,
)
from app.demo.plan import Plan
from app.demo.students import LEAVING_LEVELS, make_student
from models import GuardianRelation

POVERTY_LINE = 110_000


def _address(chance: random.Random, town: Town) -> Address:
    village = chance.choice(town.villages) if chance.random() < 0.2 else None
    street = chance.choice(STREETS) if village else f"{chance.choice(STREETS)}, {chance.choice(town.localities)}"
    return Address(
        house_number=f"{chance.randint(1, 180)}{chance.choice(['', '', '', '/A', '/1'])}",
        street=street,
        village=village,
        district=town.district,
        city=town.city,
        province=town.province,
        postal_code=f"{town.postal_area}{chance.randint(1, 120):03}",
    )


def _relations(chance: random.Random) -> list[GuardianRelation]:
    """Who brings the children up: mostly both parents."""
    draw = chance.random()
    if draw < 0.88:
        return [GuardianRelation.FATHER, GuardianRelation.MOTHER]
    if draw < 0.93:
        return [GuardianRelation.MOTHER]
    if draw < 0.95:
        return [GuardianRelation.FATHER]
    if draw < 0.98:
        return [GuardianRelation.MOTHER, GuardianRelation.GRANDPARENT]
    return [GuardianRelation.GUARDIAN]


def _work(chance: random.Random, relation: GuardianRelation, standing: float) -> tuple[str, Decimal | None]:
    if relation is GuardianRelation.MOTHER and chance.random() < 0.45:
        return HOMEMAKER, None
    # The better paid stand last: where the family stands in the town decides which are likely.
    last = len(OCCUPATIONS) - 1
    occupation, least, most = OCCUPATIONS[int(chance.triangular(0, last, standing * last))]
    return occupation, Decimal(chance.randint(least // 1000, most // 1000) * 1000)


def _guardian(
    chance: random.Random, home: Home, relation: GuardianRelation, contacts: Contacts, standing: float
) -> Guardian:
    woman = relation is GuardianRelation.MOTHER or (relation is not GuardianRelation.FATHER and chance.random() < 0.5)
    first = chance.choice(home.community.girls if woman else home.community.boys)
    occupation, income = _work(chance, relation, standing)
    single = chance.random() < 0.03
    return Guardian(
        relation=relation,
        address=home.address,
        first_name=None if single else first,
        last_name=None if single else home.family_name,
        single_name=first if single else None,
        mobile=contacts.mobile(),
        email=contacts.email(first, home.family_name) if chance.random() < 0.55 else None,
        occupation=occupation,
        income=income,
        church=home.church,
        believer=True if home.church else None,
        number_of_children=0,
    )


def _home(chance: random.Random, town: Town, contacts: Contacts) -> Home:
    community: Community = chance.choices(COMMUNITIES, [each.weight for each in COMMUNITIES])[0]
    hindu = community.religion == "Hinduism"
    home = Home(
        community=community,
        family_name=chance.choice(community.families),
        address=_address(chance, town),
        caste=chance.choices(CASTE_GROUPS, (30, 42, 19, 9) if hindu else (60, 40, 0, 0))[0],
        church=chance.choice(CHURCHES) if community.religion == "Christianity" else None,
        poor=False,
        living_condition=chance.choice(LIVING_CONDITIONS),
        duration_in_district=chance.choices(DURATIONS, (38, 24, 16, 11, 7, 4))[0],
        know_school_from=chance.choice(KNOWS_SCHOOL_FROM),
    )
    standing = chance.random()
    home.guardians = [_guardian(chance, home, each, contacts, standing) for each in _relations(chance)]
    home.poor = sum(each.income or 0 for each in home.guardians) < POVERTY_LINE
    if len(home.guardians) == 2 and chance.random() < 0.02:
        apart = home.guardians[0]
        apart.lives_with, apart.contact_restriction = False, "By court order: visits only as agreed with the mother"
    return home


def _children(chance: random.Random) -> list[int]:
    """Where the children stand in the current year, the eldest first: 1 to 12 a grade level, below not yet at school,
    above have finished."""
    levels = [chance.randint(1, LEAVING_LEVELS)]
    for _ in range(chance.choices((0, 1, 2, 3), (48, 38, 11, 3))[0]):
        levels.append(levels[-1] - chance.choices((0, 1, 2, 3, 4), (2, 18, 34, 28, 18))[0])
    return levels


def make_families(plan: Plan, years: list[Year], town: Town) -> list[Home]:
    """Families with `plan.students` students between them."""
    chance = plan.random("families")
    contacts = Contacts(chance.randrange(1_000_000_000))
    homes: list[Home] = []
    missing = plan.students
    while missing:
        home = _home(chance, town, contacts)
        levels = _children(chance)
        for guardian in home.guardians:
            guardian.number_of_children = len(levels)
        for level in [each for each in levels if each >= 1][:missing]:
            home.students.append(make_student(chance, home, level, years, contacts, plan.today))
        missing -= len(home.students)
        homes.append(home)
    return homes
