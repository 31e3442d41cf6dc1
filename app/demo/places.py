"""Towns with their localities, names of schools, and the words that describe how families live."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Town:
    """A town; `postal_area` is the first three digits of its postal codes."""

    city: str
    district: str
    province: str
    postal_area: str
    localities: tuple[str, ...]
    villages: tuple[str, ...]


TOWNS = (
    Town(
        "Mysuru", "Mysuru", "Karnataka", "570",
        ("Gokulam", "Kuvempunagar", "Saraswathipuram", "Vijayanagar", "Jayalakshmipuram", "Hebbal", "Bannimantap"),
        ("Yelwal", "Varuna", "Kadakola", "Hinkal"),
    ),
    Town(
        "Coimbatore", "Coimbatore", "Tamil Nadu", "641",
        ("Gandhipuram", "Peelamedu", "Saibaba Colony", "Singanallur", "Ramanathapuram", "Vadavalli", "Ganapathy"),
        ("Thondamuthur", "Kinathukadavu", "Sulur", "Annur"),
    ),
    Town(
        "Nashik", "Nashik", "Maharashtra", "422",
        ("Panchavati", "Indira Nagar", "Gangapur Road", "College Road", "Satpur", "Deolali", "Mhasrul"),
        ("Pimpalgaon", "Ozar", "Girnare", "Sinnar"),
    ),
    Town(
        "Thrissur", "Thrissur", "Kerala", "680",
        ("Ayyanthole", "Punkunnam", "Ollur", "Mannuthy", "Kuriachira", "Poothole", "Viyyur"),
        ("Adat", "Puzhakkal", "Arimpur", "Cherpu"),
    ),
    Town(
        "Udaipur", "Udaipur", "Rajasthan", "313",
        ("Hiran Magri", "Fatehpura", "Ashok Nagar", "Bhupalpura", "Shobhagpura", "Pratap Nagar", "Ambamata"),
        ("Badgaon", "Bedla", "Debari", "Titardi"),
    ),
    Town(
        "Dehradun", "Dehradun", "Uttarakhand", "248",
        ("Rajpur Road", "Vasant Vihar", "Dalanwala", "Clement Town", "Prem Nagar", "Race Course", "Karanpur"),
        ("Raipur", "Doiwala", "Sahaspur", "Selaqui"),
    ),
)  # fmt: skip

SCHOOL_NAMES = (
    "Green Meadows Public School", "Nalanda Vidya Mandir", "Sunrise Convent School", "Banyan Tree Academy",
    "Lotus Valley Vidyalaya", "Riverside Higher Secondary School", "Himgiri Public School", "New Horizon Vidya Niketan",
    "Silver Oak School", "Tagore Memorial School", "Ashoka Vidyapeeth", "Gulmohar Senior Secondary School",
)  # fmt: skip
PREVIOUS_SCHOOLS = (
    "Government Higher Primary School", "Municipal School No. 4", "St. Mary's School", "Little Flower School",
    "Kendra Vidyalaya", "Bal Bharati School", "Oxford Public School", "Zilla Parishad School",
)  # fmt: skip
STREETS = (
    "1st Cross", "2nd Main", "3rd Cross", "4th Main", "Temple Street", "Gandhi Road", "Station Road", "Market Road",
    "Lake View Road", "Nehru Street", "Park Street", "School Lane", "Mill Road", "Ring Road", "Hospital Road",
)  # fmt: skip

# Occupation, and what it earns in rupees a year: from, to.
OCCUPATIONS = (
    ("Farmer", 60_000, 300_000), ("Daily-wage worker", 50_000, 120_000), ("Driver", 90_000, 250_000),
    ("Tailor", 70_000, 200_000), ("Shopkeeper", 120_000, 600_000), ("Electrician", 120_000, 350_000),
    ("Clerk", 180_000, 450_000), ("Teacher", 200_000, 700_000), ("Nurse", 180_000, 500_000),
    ("Accountant", 250_000, 800_000), ("Police constable", 250_000, 450_000), ("Mechanic", 100_000, 300_000),
    ("Bank officer", 400_000, 1_200_000), ("Software engineer", 500_000, 2_500_000), ("Doctor", 600_000, 3_000_000),
    ("Lawyer", 300_000, 1_500_000), ("Civil engineer", 350_000, 1_300_000), ("Contractor", 250_000, 1_500_000),
)  # fmt: skip
HOMEMAKER = "Homemaker"

CHURCHES = ("St. Thomas Church", "Holy Family Church", "Bethel Church", "CSI Church", "Sacred Heart Church")
CASTE_GROUPS = ("General", "OBC", "SC", "ST")
LIVING_CONDITIONS = (
    "Own brick house with water and electricity", "Rented flat of two rooms", "House of the wider family, three rooms",
    "Rented room, shared water tap", "Quarters of the employer", "Own house on the family's farm",
)  # fmt: skip
DURATIONS = (
    "Since birth", "More than 20 years", "10 to 20 years", "5 to 10 years", "2 to 5 years", "Less than 2 years",
)  # fmt: skip
KNOWS_SCHOOL_FROM = (
    "Neighbours", "Relatives", "A brother or sister at the school", "Newspaper", "The school's website",
)  # fmt: skip
HELPERS = ("Rotary Club", "Lions Club", "Parish relief fund", "Village self-help group")
