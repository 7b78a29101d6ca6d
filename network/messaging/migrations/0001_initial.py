"""Contacts, texts in and out, receipts and what the carrier owes us."""

from uuid import uuid4

from django.db import migrations, models

from network.privacy.fields import SealedTextField


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL("CREATE SEQUENCE messaging_arrival", "DROP SEQUENCE messaging_arrival"),
        migrations.RunSQL("CREATE SEQUENCE messaging_order", "DROP SEQUENCE messaging_order"),
        migrations.CreateModel(
            name="Contact",
            fields=[
                ("id", models.UUIDField(default=uuid4, editable=False, primary_key=True, serialize=False)),
                ("fingerprint", models.BinaryField()),
                (
                    "channel",
                    models.CharField(
                        choices=[("sms", "SMS"), ("whatsapp", "WHATSAPP")], default="sms", max_length=8
                    ),
                ),
                ("key_id", models.UUIDField(null=True)),
                ("phone", SealedTextField(null=True)),
                ("unreachable_at", models.DateTimeField(null=True)),
                ("unreachable_code", models.IntegerField(null=True)),
                ("opted_out_at", models.DateTimeField(null=True)),
                ("introduced_at", models.DateTimeField(null=True)),
                ("neutral_at", models.DateTimeField(null=True)),
                ("unasked_since", models.DateTimeField(null=True)),
                ("unasked", models.PositiveSmallIntegerField(default=0)),
                ("last_in_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("fingerprint", "channel"), name="a_phone_has_one_contact_a_channel"
                    ),
                ],
                "indexes": [
                    models.Index(
                        condition=models.Q(("unreachable_code__isnull", False)),
                        fields=["unreachable_code", "fingerprint"],
                        name="contacts_unreachable",
                    ),
                    models.Index(fields=["key_id"], name="contacts_under_a_key"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Inbound",
            fields=[
                ("id", models.UUIDField(default=uuid4, editable=False, primary_key=True, serialize=False)),
                ("account", models.CharField(max_length=64)),
                ("sid", models.CharField(max_length=64)),
                (
                    "arrival",
                    models.BigIntegerField(
                        db_default=models.Func(models.Value("messaging_arrival"), function="nextval"),
                        unique=True,
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        null=True, on_delete=models.SET_NULL, related_name="texts_in", to="messaging.contact"
                    ),
                ),
                ("key_id", models.UUIDField(null=True)),
                ("form", SealedTextField(null=True)),
                ("body", SealedTextField(null=True)),
                ("ours", models.BooleanField(default=False)),
                ("media", models.PositiveSmallIntegerField(default=0)),
                ("media_due_at", models.DateTimeField(null=True)),
                ("media_tries", models.PositiveSmallIntegerField(default=0)),
                ("received_at", models.DateTimeField()),
                ("came_at", models.DateTimeField()),
                ("fetched", models.BooleanField(default=False)),
                ("erase_at", models.DateTimeField(null=True)),
                ("erase_tries", models.PositiveSmallIntegerField(default=0)),
                ("state", models.CharField(default="waiting", max_length=8)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("next_attempt_at", models.DateTimeField()),
                ("handled_at", models.DateTimeField(null=True)),
                ("understood", models.CharField(blank=True, max_length=32)),
                ("said_before", models.BigIntegerField(null=True)),
                ("revives", models.BooleanField(default=False)),
                ("request_id", models.UUIDField(db_index=True, null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("account", "sid"), name="a_text_is_stored_once_for_ever"),
                ],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")),
                        fields=["contact", "came_at", "arrival"],
                        name="texts_waiting",
                    ),
                    models.Index(
                        condition=models.Q(("ours", True), ("state", "waiting")),
                        fields=["next_attempt_at"],
                        name="known_peoples_texts_waiting",
                    ),
                    models.Index(
                        condition=models.Q(("media_due_at__isnull", False)),
                        fields=["media_due_at"],
                        name="media_due",
                    ),
                    models.Index(
                        condition=models.Q(("erase_at__isnull", False)),
                        fields=["erase_at"],
                        name="texts_in_to_erase",
                    ),
                    models.Index(fields=["contact", "-arrival"], name="texts_of_a_contact"),
                    models.Index(
                        condition=models.Q(("ours", False)), fields=["-arrival"], name="texts_of_strangers"
                    ),
                    models.Index(fields=["key_id"], name="texts_in_under_a_key"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Outbound",
            fields=[
                ("id", models.UUIDField(default=uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "contact",
                    models.ForeignKey(
                        null=True, on_delete=models.SET_NULL, related_name="texts_out", to="messaging.contact"
                    ),
                ),
                ("key_id", models.UUIDField(null=True)),
                ("body", SealedTextField(null=True)),
                ("text", models.CharField(max_length=40)),
                (
                    "order",
                    models.BigIntegerField(
                        db_default=models.Func(models.Value("messaging_order"), function="nextval"),
                        unique=True,
                    ),
                ),
                (
                    "lane",
                    models.SmallIntegerField(
                        choices=[(0, "ANSWER"), (1, "OFFER"), (2, "STAFF"), (3, "REMINDER")]
                    ),
                ),
                ("segments", models.PositiveSmallIntegerField()),
                ("state", models.CharField(default="owed", max_length=12)),
                ("owed_at", models.DateTimeField()),
                ("not_before", models.DateTimeField()),
                ("expires_at", models.DateTimeField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("first_attempt_at", models.DateTimeField(null=True)),
                ("leased_until", models.DateTimeField(null=True)),
                ("in_flight_until", models.DateTimeField(null=True)),
                ("sid", models.CharField(blank=True, max_length=64)),
                ("error", models.IntegerField(null=True)),
                ("sent_at", models.DateTimeField(null=True)),
                ("final_at", models.DateTimeField(null=True)),
                ("loss_acted_on_at", models.DateTimeField(null=True)),
                ("ask_at", models.DateTimeField(null=True)),
                ("asked", models.PositiveSmallIntegerField(default=0)),
                ("again_of", models.UUIDField(null=True, unique=True)),
                ("erase_at", models.DateTimeField(null=True)),
                ("erase_tries", models.PositiveSmallIntegerField(default=0)),
                ("request_id", models.UUIDField(db_index=True, null=True)),
                ("offer_id", models.UUIDField(db_index=True, null=True)),
                ("written_by", models.UUIDField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ("owed", "sending", "unknown"))),
                        fields=["lane", "order"],
                        name="texts_owed",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("loss_acted_on_at", None), ("state__in", ("refused", "undelivered"))
                        ),
                        fields=["final_at"],
                        name="texts_lost_and_not_acted_on",
                    ),
                    models.Index(fields=["contact", "-order"], name="texts_to_a_contact"),
                    models.Index(fields=["sid"], name="texts_by_sid"),
                    models.Index(fields=["key_id"], name="texts_out_under_a_key"),
                    models.Index(
                        condition=models.Q(("ask_at__isnull", False)),
                        fields=["ask_at"],
                        name="receipts_to_ask_for",
                    ),
                    models.Index(
                        condition=models.Q(("erase_at__isnull", False)),
                        fields=["erase_at"],
                        name="texts_out_to_erase",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Receipt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("outbound_id", models.UUIDField(db_index=True, null=True)),
                ("sid", models.CharField(max_length=64)),
                ("word", models.CharField(max_length=32)),
                ("error", models.IntegerField(null=True)),
                ("received_at", models.DateTimeField()),
                ("asked", models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name="Pace",
            fields=[
                ("sender", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("free_at", models.DateTimeField()),
                ("day", models.DateField()),
                ("sent_today", models.PositiveIntegerField(default=0)),
                ("wait_until", models.DateTimeField(null=True)),
                ("slowed", models.PositiveSmallIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Media",
            fields=[
                ("id", models.UUIDField(default=uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "text",
                    models.ForeignKey(
                        on_delete=models.CASCADE, related_name="attachments", to="messaging.inbound"
                    ),
                ),
                ("key_id", models.UUIDField()),
                ("sid", models.CharField(max_length=64)),
                ("kind", models.CharField(max_length=64)),
                ("content", SealedTextField(null=True)),
                ("fetched_at", models.DateTimeField()),
            ],
            options={
                "verbose_name_plural": "media",
                "constraints": [
                    models.UniqueConstraint(fields=("text", "sid"), name="media_is_kept_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Watch",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("wanted_at", models.DateTimeField(null=True)),
                ("read_at", models.DateTimeField(null=True)),
                ("tried_at", models.DateTimeField(null=True)),
                ("found", models.PositiveIntegerField(default=0)),
            ],
            options={
                "verbose_name_plural": "watches",
            },
        ),
        migrations.CreateModel(
            name="Wording",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.CharField(max_length=40)),
                ("language", models.CharField(max_length=8)),
                ("version", models.PositiveIntegerField()),
                ("words", models.TextField(blank=True)),
                ("changed_at", models.DateTimeField()),
                ("changed_by", models.UUIDField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("text", "language", "version"),
                        name="each_version_of_a_wording_is_written_once",
                    ),
                ],
            },
        ),
    ]
