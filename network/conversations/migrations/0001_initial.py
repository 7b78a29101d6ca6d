"""What was asked last, drafts, who is reading, and calls."""

from uuid import uuid4

import django.contrib.postgres.fields
from django.db import migrations, models

from network.privacy.fields import SealedTextField


class Migration(migrations.Migration):
    initial = True
    dependencies = [("messaging", "0001_initial"), ("people", "0001_initial"), ("staff", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="Conversation",
            fields=[
                (
                    "person",
                    models.OneToOneField(
                        on_delete=models.CASCADE, primary_key=True, serialize=False, to="people.person"
                    ),
                ),
                ("question", models.CharField(blank=True, max_length=16)),
                ("request_id", models.UUIDField(null=True)),
                ("visit_id", models.UUIDField(null=True)),
                ("asked_at", models.DateTimeField(null=True)),
                ("ends_by", models.PositiveSmallIntegerField(null=True)),
                ("reasked", models.BooleanField(default=False)),
                ("flagged_at", models.DateTimeField(null=True)),
                ("called_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.UUIDField(default=uuid4, editable=False, primary_key=True, serialize=False)),
                ("staff_id", models.UUIDField()),
                (
                    "person",
                    models.ForeignKey(on_delete=models.CASCADE, related_name="drafts", to="people.person"),
                ),
                ("key_id", models.UUIDField()),
                ("words", SealedTextField()),
                ("saved_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("staff_id", "person"), name="one_draft_a_writer_and_person"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reader",
            fields=[
                ("staff_id", models.UUIDField(primary_key=True, serialize=False)),
                (
                    "person",
                    models.ForeignKey(on_delete=models.CASCADE, related_name="readers", to="people.person"),
                ),
                ("seen_at", models.DateTimeField()),
                ("wrote_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Call",
            fields=[
                ("id", models.UUIDField(default=uuid4, editable=False, primary_key=True, serialize=False)),
                ("account", models.CharField(max_length=64)),
                ("sid", models.CharField(max_length=64)),
                (
                    "contact",
                    models.ForeignKey(on_delete=models.CASCADE, related_name="calls", to="messaging.contact"),
                ),
                ("request_id", models.UUIDField(null=True)),
                ("began_at", models.DateTimeField(db_index=True)),
                (
                    "asked",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=16), default=list, size=None
                    ),
                ),
                ("promised_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("seconds", models.PositiveIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("account", "sid"), name="a_call_is_stored_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Leg",
            fields=[
                ("id", models.UUIDField(default=uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "call",
                    models.ForeignKey(on_delete=models.CASCADE, related_name="legs", to="conversations.call"),
                ),
                ("place", models.PositiveSmallIntegerField()),
                (
                    "staff",
                    models.ForeignKey(on_delete=models.CASCADE, related_name="+", to="staff.staff"),
                ),
                ("rung_at", models.DateTimeField()),
                ("taken_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("call", "place"), name="one_phone_rings_at_a_time"),
                    models.UniqueConstraint(fields=("call", "staff"), name="a_phone_rings_once_for_a_call"),
                ],
            },
        ),
    ]
