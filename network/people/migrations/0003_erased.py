"""Whoever was erased at their own wish."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0002_visits_before"),
    ]

    operations = [
        migrations.AddField(
            model_name="person",
            name="erased_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name="person",
            name="standing",
            field=models.CharField(
                choices=[
                    ("invited", "Invited"),
                    ("active", "Active"),
                    ("refused", "Refused"),
                    ("practice", "Practice"),
                    ("erased", "Erased"),
                ],
                max_length=8,
            ),
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("erased_at__isnull", False), ("standing", "erased")),
                    models.Q(models.Q(("standing", "erased"), _negated=True), ("erased_at", None)),
                    _connector="OR",
                ),
                name="whoever_is_erased_has_a_time",
            ),
        ),
    ]
