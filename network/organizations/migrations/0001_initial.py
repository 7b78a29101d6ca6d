"""Organizations, the network itself, holidays, and every US ZIP with its place."""

from uuid import uuid4

import zipcodes
from django.db import migrations, models

from network.privacy.fields import SealedTextField


def fill_places(apps, schema_editor):
    """From the figures that the zipcodes package ships; by COPY, which takes a tenth of the time."""
    copying = "COPY organizations_place (zip, state, latitude, longitude) FROM STDIN"
    with schema_editor.connection.cursor() as cursor, cursor.copy(copying) as copy:
        for row in zipcodes.list_all():
            if row["lat"] and row["long"] and row["active"]:
                copy.write_row((row["zip_code"], row["state"], float(row["lat"]), float(row["long"])))


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Organization",
            fields=[
                ("id", models.UUIDField(default=uuid4, editable=False, primary_key=True, serialize=False)),
                ("slug", models.SlugField(max_length=40, unique=True)),
                ("key_id", models.UUIDField()),
                ("name", SealedTextField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("faith", "Faith"),
                            ("union", "Union"),
                            ("legal", "Legal"),
                            ("school", "School"),
                            ("clinic", "Clinic"),
                            ("community", "Community"),
                        ],
                        max_length=12,
                    ),
                ),
                ("phone", SealedTextField(null=True)),
                ("email", SealedTextField(null=True)),
                ("zip", models.CharField(max_length=5)),
                ("admitted_at", models.DateTimeField(null=True)),
                ("founding", models.BooleanField(default=False)),
                ("suspended_at", models.DateTimeField(null=True)),
                ("suspended_why", SealedTextField(null=True)),
                ("age_recipient", models.CharField(blank=True, max_length=100)),
                ("childcare_own_vouch", models.BooleanField(default=False)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("suspended_at", None), ("admitted_at__isnull", False), _connector="OR"
                        ),
                        name="only_an_admitted_organization_is_suspended",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Network",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("demo", models.BooleanField()),
                ("marked_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="there_is_one_network"),
                ],
            },
        ),
        migrations.CreateModel(
            name="SettingUp",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("backup_at", models.DateTimeField(null=True)),
                ("backup_by", models.UUIDField(null=True)),
                ("hidden_at", models.DateTimeField(null=True)),
                ("hidden_by", models.UUIDField(null=True)),
            ],
            options={
                "verbose_name_plural": "setting up",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="a_network_is_set_up_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Place",
            fields=[
                ("zip", models.CharField(max_length=5, primary_key=True, serialize=False)),
                ("state", models.CharField(max_length=2)),
                ("latitude", models.FloatField()),
                ("longitude", models.FloatField()),
            ],
        ),
        migrations.CreateModel(
            name="Holiday",
            fields=[
                ("day", models.DateField(primary_key=True, serialize=False)),
            ],
        ),
        migrations.RunPython(fill_places, migrations.RunPython.noop),
    ]
