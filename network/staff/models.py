"""Staff accounts, the links they first sign in with, their sessions, and lost second factors."""

from typing import ClassVar
from uuid import uuid4

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from network.organizations.models import Organization
from network.privacy.fields import SealedTextField
from network.privacy.keep import Keep

# Staff.is_in_good_standing, in a query.
IN_GOOD_STANDING = Q(organization=None) | Q(
    organization__admitted_at__isnull=False, organization__suspended_at=None
)


class StaffManager(BaseUserManager["Staff"]):
    """Django's way to find a member of staff by the name they sign in with."""


class Staff(AbstractBaseUser):
    """Somebody who signs in to the console."""

    class Role(models.TextChoices):
        COORDINATOR = "coordinator"
        VERIFIER = "verifier"
        STEWARD = "steward"
        AUDITOR = "auditor"
        LAWYER = "lawyer"  # of an organization

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    email = models.EmailField(unique=True)
    key_id = models.UUIDField()
    name = SealedTextField(null=True)
    phone = SealedTextField(null=True)
    fingerprint = models.BinaryField(null=True, unique=True)  # of the phone: one person has one account
    role = models.CharField(max_length=12, choices=Role)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, null=True, blank=True)
    language = models.CharField(max_length=8, default="en")
    is_active = models.BooleanField(default=True)
    added_at = models.DateTimeField()
    # Who invited or restored it, and whoever may hold theirs: each of them may hold this account too, until a
    # third person has met its holder. Empty from then on, and for accounts that the command line made.
    made_by = ArrayField(models.UUIDField(), default=list)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = StaffManager()

    class Meta:
        verbose_name_plural = "staff"

    class Retention:
        keep = {
            Keep.MEMBERSHIP: (
                "id", "email", "key_id", "name", "phone", "fingerprint", "role", "organization", "language",
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
    def is_in_good_standing(self) -> bool:
        """Whether they may open anything but their own account: not while their organization is suspended or
        not admitted."""
        return self.organization is None or self.organization.is_in_good_standing


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


class StaffSession(models.Model):
    """One browser. The cookie's key is not here: only its SHA-256, and data sealed under the key itself."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    key_hash = models.BinaryField(unique=True)
    staff = models.ForeignKey(
        "staff.Staff", on_delete=models.CASCADE, null=True, blank=True, related_name="sessions"
    )  # none while signing in
    data = models.BinaryField()
    made_at = models.DateTimeField()
    acted_at = models.DateTimeField()  # the person's last act
    reauthenticated_at = models.DateTimeField(null=True, blank=True)  # their last use of a second factor
    expires_at = models.DateTimeField(db_index=True)

    class Retention:
        keep = {
            Keep.SESSION: (
                "id", "key_hash", "staff", "data", "made_at", "acted_at", "reauthenticated_at", "expires_at",
            )
        }  # fmt: skip

    def __str__(self) -> str:
        return f"session {self.id}"


class Lookup(models.Model):
    """What one account has looked up in the last hour: other people's homes, pages and names."""

    staff = models.ForeignKey("staff.Staff", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8)  # one of LookupKind
    about = models.UUIDField()  # a person; of a search, its own
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["staff", "kind", "about"], name="a_thing_is_looked_at_once")
        ]

    class Retention:
        keep = {Keep.SESSION: ("id", "staff", "kind", "about", "at")}
        plain = {"kind": "one of a closed set"}

    def __str__(self) -> str:
        return f"lookup {self.pk}"


class FactorRestoring(models.Model):
    """Somebody's factor is lost: one steward has asked to restore it, a second one must confirm."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    staff = models.ForeignKey("staff.Staff", on_delete=models.CASCADE, related_name="+")
    asked_by = models.ForeignKey("staff.Staff", on_delete=models.CASCADE, related_name="+")
    asked_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(
        "staff.Staff", on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)  # confirmed, or taken back

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(asked_by=F("staff")), name="nobody_asks_for_their_own_factor"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None)
                | (~Q(confirmed_by=F("staff")) & ~Q(confirmed_by=F("asked_by")) & Q(ended_at__isnull=False)),
                name="a_second_person_confirms_a_lost_factor",
            ),
            models.UniqueConstraint(
                fields=["staff"], condition=Q(ended_at=None), name="a_lost_factor_is_asked_for_once"
            ),
        ]

    class Retention:
        keep = {Keep.LEDGER: ("id", "staff", "asked_by", "asked_at", "confirmed_by", "ended_at")}

    def __str__(self) -> str:
        return f"restoring {self.id}"
