"""Rules of the school's profile: means to reach it that look like such."""

from models import SchoolProfile
from resolvers.constraints import Rule, keep
from resolvers.errors import Invalid
from resolvers.writing.records import Records

keep(
    {
        "ck_school_profile_phone_format": Rule(Invalid, "phone", "is not 10 to 15 digits, '+', '-' and brackets"),
        "ck_school_profile_email_format": Rule(Invalid, "email", "is not an e-mail address"),
        "ck_school_profile_country_format": Rule(Invalid, "country", "is not a country's code of two capital letters"),
    }
)
PROFILES = Records(SchoolProfile)
