"""The mark of a restored copy, which sends nothing."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("messaging", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="RestoredCopy",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("restored_at", models.DateTimeField()),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "verbose_name_plural": "restored copies",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="a_database_is_one_copy"),
                ],
            },
        ),
    ]
