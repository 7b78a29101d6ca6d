"""Whether a responder could not go after all."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("visits", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="visit",
            name="gave_up",
            field=models.BooleanField(default=False),
        ),
    ]
