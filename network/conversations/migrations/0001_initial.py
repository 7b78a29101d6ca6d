"""What was asked last, drafts and who is reading."""

from uuid import uuid4

from django.db import migrations, models

from network.privacy.fields import SealedTextField


class Migration(migrations.Migration):
    initial = True
    dependencies = [("people", "0001_initial")]
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
    ]
