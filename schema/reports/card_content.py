"""What a report card says, section by section: see `resolvers.reports.cards.content`."""

import datetime
from decimal import Decimal

import strawberry

import models
from resolvers.batches import one
from resolvers.reports.attendance_rules import AttendancePolicy
from resolvers.reports.standings import Completeness
from schema import refs
from schema.entity import relation
from schema.reports.attendance_figures import AttendanceFigures
from schema.reports.grade_report import told


@strawberry.type(description="The school as a report card names it.")
class CardSchool:
    name: str = told("Name of the school.")
    code: str = told("Code of the school.")
    address: str | None = told("Postal address.")
    phone: str | None = told("Phone of the office.")
    email: str | None = told("E-mail of the office.")


@strawberry.type(description="The student as a report card names them.")
class CardStudent:
    number: str = told("Student number.")
    first_name: str = told("First (given) name.")
    last_name: str = told("Last (family) name.")
    full_name: str = told("First and last name.")
    date_of_birth: datetime.date = told("Date of birth.")
    gender: models.Gender = told("Gender.")


@strawberry.type(description="The course as a report card names it.")
class CardCourse:
    name: str = told("Name of the course.")
    section: str = told("Section of the grade level; empty where there is none.")
    grade_level: str | None = told("Name of the grade level.")
    school_year: str = told("Code of the school year.")
    lead_teacher: str | None = told("Name of the lead teacher.")


@strawberry.type(description="The semester as a report card names it.")
class CardSemester:
    name: str = told("Name of the semester.")
    code: str = told("Code of the semester.")
    start_date: datetime.date = told("First day, included.")
    end_date: datetime.date = told("Last day, included.")


@strawberry.type(description="What a report card says of one subject; figures as in `gradeReport`.")
class CardSubject:
    subject: refs.Subject | None = relation(one(models.Subject, parent="subject_id"), "The subject as it is now.")
    name: str = told("Name of the subject.")
    code: str | None = told("Code of the subject.")
    coefficient: Decimal = told("Weight of the subject in the overall average.")
    credits: Decimal | None = told("Credits earned by passing; null where the course gives none.")
    expected: bool = told("Whether there should be marks.")
    completeness: Completeness = told("How far the marks are there.")
    mark_count: int = told("Marks that count.")
    exempt: int = told("Marks from which the student is exempt.")
    missing: int = told("Marks that are due and not there.")
    average: Decimal | None = told("The average, rounded as the scale says; null without a mark that counts.")
    letter: str | None = told("Letter of the average.")
    points: Decimal | None = told("Grade points of the letter.")
    passed: bool | None = told("Whether the average is not below the pass mark; null without an average.")
    rank: int | None = told("Rank in the subject; null without an average, and where the school's cards do not rank.")


@strawberry.type(description="What a report card says of all subjects together; figures as in `gradeReport`.")
class CardOverall:
    average: Decimal | None = told("Mean of the subjects' averages, weighted and rounded; null without one.")
    letter: str | None = told("Letter of the average.")
    passed: bool | None = told("Whether the average is not below the pass mark; null without an average.")
    rank: int | None = told("Rank in the class; null without an average, and where the school's cards do not rank.")
    class_size: int = told("How many students the class has.")
    ranked: int = told("How many of them have an average.")
    member: bool = told("Whether the student is of the class; not who left before the semester's last day.")
    complete: bool = told("Whether every expected subject has an average, and no mark is missing.")
    expected: int = told("Subjects in which there should be marks.")
    marked: int = told("Those of them that have an average.")
    mark_count: int = told("Marks that count, over all subjects.")
    missing: int = told("Marks that are due and not there, over all subjects.")


@strawberry.type(description="What a report card says of attendance in the course; figures as in `attendanceSummary`.")
class CardAttendance(AttendanceFigures):
    since: datetime.date = told("First day counted.")
    to: datetime.date = told("Last day counted: that of the semester, or the day on which the card was made.")
    policy: AttendancePolicy = told("What the percentage is of.")


@strawberry.type(description="A comment as a report card says it.")
class CardComment:
    kind: models.ReportCardCommentKind = told("In which capacity it was written.")
    subject: refs.Subject | None = relation(
        one(models.Subject, parent="subject_id"), "The subject as it is now; null: about all subjects."
    )
    subject_name: str | None = told("Name of the subject; null: about all subjects.")
    text: str = told("The comment.")
    author: str | None = told("Name of who wrote it.")


@strawberry.type(description="A letter in the legend of a report card.")
class CardBand:
    letter: str = told("The letter.")
    lower_bound: Decimal = told("Lowest average of the letter, inclusive.")
    points: Decimal | None = told("Grade points of the letter.")


@strawberry.type(description="How the marks of a report card are to be read: its legend.")
class CardScale:
    name: str | None = told("Name of the scale; null where the school's settings stand for one.")
    min_score: Decimal = told("Lowest mark.")
    max_score: Decimal = told("Highest mark.")
    pass_mark: Decimal = told("Lowest average that passes.")
    rounding_mode: models.RoundingMode = told("How averages are rounded.")
    decimals: int = told("Decimals that averages are rounded to.")
    bands: list[CardBand] = told("The letters, the highest first.")


@strawberry.type(description="All that a report card says. Names are those of the day on which it was made.")
class CardContent:
    form: int = told("Counts the forms that contents have had.")
    edition: int = told("Counts the cards of the student for the course and semester, from 1.")
    published_at: datetime.datetime | None = told("When it was published (instant, UTC); null where it is not.")
    published_on: datetime.date | None = told("The same as the school's day.")
    school: CardSchool = told("The school.")
    student: CardStudent = told("The student.")
    course: CardCourse = told("The course.")
    semester: CardSemester = told("The semester.")
    subjects: list[CardSubject] = told("Subjects by name.")
    overall: CardOverall = told("All subjects together.")
    attendance: CardAttendance = told("Attendance in the course.")
    comments: list[CardComment] = told("Comments: of teachers, overall before subjects; of the head last.")
    scale: CardScale = told("The legend.")
