"""Who signs in to the console, and the links they sign in with first."""

from typing import ClassVar
from uuid import uuid4

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from network.people.models.organization import Organization
from network.privacy.fields import SealedTextField
from network.privacy.keep import Keep
from network.privacy.models import Key

# Staff.stands, in a query.
STANDS = Q(organization=None) | Q(organization__admitted_at__isnull=False, organization__suspended_at=None)


class StaffMaker(BaseUserManager["Staff"]):
    """Django's way to find a member of staff by the name they sign in with."""


class Staff(AbstractBaseUser):
    """Somebody who signs in to the console."""

    class Role(models.TextChoices):
        COORDINATOR = "coordinator"
        VERIFIER = "verifier"
        STEWARD = "steward"
        AUDITOR = "auditor"
        LAWYER = "lawyer"  # of an organisation

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    email = models.EmailField(unique=True)
    key = models.ForeignKey(Key, on_delete=models.PROTECT, related_name="+")
    name = SealedTextField(null=True)
    phone = SealedTextField(null=True)
    fingerprint = models.BinaryField(null=True, unique=True)  # of the phone: one person has one account
    role = models.CharField(max_length=12, choices=Role)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, null=True, blank=True)
    language = models.CharField(max_length=8, default="en")
    is_active = models.BooleanField(default=True)
    added_at = models.DateTimeField()
    # Who invited or restored it, and whoever may hold theirs: each may hold this one too, until a third
    # person has met its holder. Then, and for what the command line made, nobody.
    made_by = ArrayField(models.UUIDField(), default=list)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = StaffMaker()

    class Meta:
        verbose_name_plural = "staff"

    class Retention:
        keep = {
            Keep.MEMBERSHIP: (
                "id", "email", "key", "name", "phone", "fingerprint", "role", "organization", "language",
                "is_active", "added_at", "made_by", "password", "last_login",
            )
        }  # fmt: skip
        plain = {
            "email": "the name to sign in with, which the sign-in library looks up",
            "role": "one of a closed set",
            "language": "a code",
            "made_by": "ids of staff",
            "password": "Argon2id",
        }

    def __str__(self) -> str:
        return f"staff {self.id}"

    @property
    def met(self) -> bool:
        """Whether somebody who could not hold this account has met whoever does."""
        return not self.made_by

    @property
    def stands(self) -> bool:
        """Whether anything but their own account opens for them: not while their organisation is
        suspended or not admitted."""
        return self.organization is None or self.organization.stands


class SignInLink(models.Model):
    """A one-time link for a member of staff: to set up a first factor or, in a demo, to come in."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="links")
    token_hash = models.BinaryField(unique=True)
    opens_board = models.BooleanField(default=False)  # a demo's link needs no second factor
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Retention:
        keep = {Keep.SESSION: ("id", "staff", "token_hash", "opens_board", "expires_at", "used_at")}

    def __str__(self) -> str:
        return f"link {self.id}"
