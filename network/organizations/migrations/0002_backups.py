"""When the network was last backed up and rehearsed, and when it is next."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("organizations", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="Backups",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("next_at", models.DateTimeField(null=True)),
                ("made_at", models.DateTimeField(null=True)),
                ("rehearsed_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name_plural": "backups",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", 1)), name="backups_are_noted_in_one_row"
                    ),
                ],
            },
        ),
    ]
