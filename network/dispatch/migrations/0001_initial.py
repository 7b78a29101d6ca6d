"""Searches and offers, what answers teach, exemptions and surges."""

from uuid import uuid4

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import migrations, models

from network.privacy.fields import SealedTextField


class Migration(migrations.Migration):
    initial = True
    dependencies = [("people", "0001_initial"), ("staff", "0001_initial"), ("support", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="Search",
            fields=[
                ("id", models.UUIDField(default=uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "support_request",
                    models.OneToOneField(
                        on_delete=models.CASCADE, related_name="search", to="support.supportrequest"
                    ),
                ),
                ("wave", models.PositiveSmallIntegerField(default=0)),
                ("started_at", models.DateTimeField()),
                ("clock_from", models.DateTimeField(null=True)),
                ("width", models.PositiveSmallIntegerField(default=0)),
                ("nobody_at", models.DateTimeField(null=True)),
                ("late_at", models.DateTimeField(null=True)),
                ("many_at", models.DateTimeField(null=True)),
                ("due_at", models.DateTimeField(db_index=True, null=True)),
                ("last_call_at", models.DateTimeField(null=True)),
                ("answer_by", models.DateTimeField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
                ("nobody_told_at", models.DateTimeField(null=True)),
                ("nobody_answered_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name_plural": "searches",
            },
        ),
        migrations.CreateModel(
            name="Offer",
            fields=[
                ("id", models.UUIDField(default=uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "search",
                    models.ForeignKey(on_delete=models.CASCADE, related_name="offers", to="dispatch.search"),
                ),
                (
                    "person",
                    models.ForeignKey(on_delete=models.PROTECT, related_name="offers", to="people.person"),
                ),
                ("key_id", models.UUIDField()),
                (
                    "code",
                    models.PositiveSmallIntegerField(
                        validators=[MinValueValidator(10), MaxValueValidator(99)]
                    ),
                ),
                ("wave", models.PositiveSmallIntegerField()),
                ("miles", models.PositiveSmallIntegerField(null=True)),
                ("by_hand", models.BooleanField(default=False)),
                ("instead", models.BooleanField(default=False)),
                ("width", models.PositiveSmallIntegerField(default=0)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "open"),
                            ("accepted", "accepted"),
                            ("declined", "declined"),
                            ("withdrawn", "withdrawn"),
                            ("expired", "expired"),
                            ("undeliverable", "undeliverable"),
                        ],
                        default="open",
                        max_length=14,
                    ),
                ),
                ("drill", models.BooleanField(default=False)),
                ("starts_at", models.DateTimeField(null=True)),
                ("asked_at", models.DateTimeField()),
                ("open_until", models.DateTimeField()),
                ("answered_at", models.DateTimeField(null=True)),
                ("said", SealedTextField(null=True)),
                ("minutes", models.PositiveSmallIntegerField(null=True)),
                ("released_at", models.DateTimeField(null=True)),
                ("holding", models.BooleanField(default=False)),
                ("holds_until", models.DateTimeField(null=True)),
                ("chance", models.FloatField(null=True)),
                ("rate", models.FloatField(null=True)),
                ("likeliness", models.FloatField(null=True)),
                ("cells", models.CharField(blank=True, max_length=40)),
                ("late_yes_at", models.DateTimeField(null=True)),
                ("settled_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("drill", False),
                            ("released_at", None),
                            ("starts_at", None),
                            ("state", "accepted"),
                        ),
                        fields=("person",),
                        name="a_person_has_one_accepted_offer_at_a_time",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("holding", True)),
                        fields=("person",),
                        name="one_offer_holds_a_person_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("holding", False),
                            models.Q(
                                ("holds_until__isnull", False),
                                ("starts_at", None),
                                ("state", "open"),
                                ("drill", False),
                            ),
                            _connector="OR",
                        ),
                        name="only_an_open_offer_holds",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("code__gte", 10), ("code__lte", 99)),
                        name="an_offers_code_has_two_digits",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ("accepted", "declined")), _negated=True),
                            ("answered_at__isnull", False),
                            _connector="OR",
                        ),
                        name="an_offer_is_accepted_only_by_an_answer",
                    ),
                ],
                "indexes": [
                    models.Index(fields=["person", "-asked_at"], name="offers_of_a_person"),
                    models.Index(
                        condition=models.Q(("state", "open")),
                        fields=["open_until"],
                        name="open_offers_by_end",
                    ),
                    models.Index(
                        condition=models.Q(("settled_at", None)), fields=["asked_at"], name="offers_to_settle"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Surge",
            fields=[
                ("id", models.UUIDField(default=uuid4, editable=False, primary_key=True, serialize=False)),
                ("declared_at", models.DateTimeField()),
                (
                    "declared_by",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("ends_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        models.Value(1),
                        condition=models.Q(("ended_at", None)),
                        name="one_surge_is_declared_at_a_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Exemption",
            fields=[
                ("id", models.UUIDField(default=uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "search",
                    models.ForeignKey(
                        on_delete=models.CASCADE, related_name="exemptions", to="dispatch.search"
                    ),
                ),
                ("person", models.ForeignKey(on_delete=models.CASCADE, related_name="+", to="people.person")),
                ("key_id", models.UUIDField()),
                ("refusal", models.CharField(max_length=16)),
                ("reason", SealedTextField()),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("proposed_at", models.DateTimeField()),
                (
                    "agreed_by",
                    models.ForeignKey(
                        null=True, on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("agreed_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("agreed_at", None)),
                        fields=("search", "person"),
                        name="one_open_exemption_for_a_person_in_a_search",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("agreed_by", None),
                            models.Q(("agreed_by", models.F("proposed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="an_exemption_is_agreed_by_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Willingness",
            fields=[
                (
                    "person",
                    models.OneToOneField(
                        on_delete=models.CASCADE,
                        primary_key=True,
                        related_name="willingness",
                        serialize=False,
                        to="people.person",
                    ),
                ),
                ("accepts", models.FloatField(default=0.0)),
                ("expected", models.FloatField(default=0.0)),
                ("asked", models.PositiveIntegerField(default=0)),
                ("said_yes", models.PositiveIntegerField(default=0)),
                ("asked_at", models.DateTimeField(null=True)),
                ("asks", models.FloatField(default=0.0)),
                ("missed", models.FloatField(default=0.0)),
            ],
            options={
                "verbose_name_plural": "willingness",
            },
        ),
        migrations.CreateModel(
            name="Cell",
            fields=[
                ("name", models.CharField(max_length=4, primary_key=True, serialize=False)),
                ("accepts", models.FloatField(default=0.0)),
                ("expected", models.FloatField(default=0.0)),
            ],
        ),
        migrations.CreateModel(
            name="Delay",
            fields=[
                ("part", models.CharField(max_length=5, primary_key=True, serialize=False)),
                ("count", models.FloatField()),
                ("mean", models.FloatField()),
                ("squares", models.FloatField()),
            ],
        ),
        migrations.CreateModel(
            name="Learning",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("noes", models.FloatField(default=0.0)),
                ("silences", models.FloatField(default=0.0)),
                ("kappa", models.FloatField()),
                ("decayed_on", models.DateField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="there_is_one_learning"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Calibration",
            fields=[
                ("day", models.DateField(primary_key=True, serialize=False)),
                ("offers", models.PositiveIntegerField(default=0)),
                ("foretold", models.FloatField(default=0.0)),
                ("came", models.PositiveIntegerField(default=0)),
            ],
        ),
    ]
