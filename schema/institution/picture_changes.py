"""Mutations of photos and the logo."""

import strawberry

import models
from resolvers.files.changes import LOGOS, STUDENT_PHOTOS, USER_PHOTOS
from resolvers.upload import Upload
from schema.mutation import mutation
from schema.record_inputs import known_record

FORMS = (
    "JPEG, PNG or WebP by its content, 16 to 8,000 pixels a side, 40 million at most, and 2 MB at most whatever"
    " MAX_FILE_UPLOAD_MB says. Where it was taken, when and with what is left out of it."
)


@known_record(models.Student, "A student's new photo.")
class SetStudentPhotoInput:
    photo: Upload = strawberry.field(description=f"The photo: {FORMS}")


@known_record(models.Student, "Whose photo to take away.")
class ClearStudentPhotoInput:
    pass


@known_record(models.User, "A user's new photo.")
class SetUserPhotoInput:
    photo: Upload = strawberry.field(description=f"The photo: {FORMS}")


@known_record(models.User, "Whose photo to take away.")
class ClearUserPhotoInput:
    pass


@known_record(models.SchoolProfile, "The school's new logo.")
class SetSchoolLogoInput:
    logo: Upload = strawberry.field(description=f"The logo: {FORMS}")


@known_record(models.SchoolProfile, "The profile whose logo to take away.")
class ClearSchoolLogoInput:
    pass


@strawberry.type
class PictureMutation:
    set_student_photo = mutation(
        STUDENT_PHOTOS.set,
        SetStudentPhotoInput,
        models.Student,
        "Give a student a photo, in place of the one before. For ADMIN and REGISTRAR.",
    )
    clear_student_photo = mutation(
        STUDENT_PHOTOS.clear,
        ClearStudentPhotoInput,
        models.Student,
        "Take a student's photo away. For ADMIN and REGISTRAR.",
    )
    set_user_photo = mutation(
        USER_PHOTOS.set,
        SetUserPhotoInput,
        models.User,
        "Give a user a photo, in place of the one before. For ADMIN.",
    )
    clear_user_photo = mutation(
        USER_PHOTOS.clear, ClearUserPhotoInput, models.User, "Take a user's photo away. For ADMIN."
    )
    set_school_logo = mutation(
        LOGOS.set, SetSchoolLogoInput, models.SchoolProfile, "Give the school a logo. For ADMIN."
    )
    clear_school_logo = mutation(
        LOGOS.clear, ClearSchoolLogoInput, models.SchoolProfile, "Take the school's logo away. For ADMIN."
    )
