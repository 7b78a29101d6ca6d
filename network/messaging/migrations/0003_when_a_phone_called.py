"""When a phone last called us, so that an unknown caller is forgotten after a day."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("messaging", "0002_restored_copy"),
    ]

    operations = [
        migrations.AddField(
            model_name="contact",
            name="called_at",
            field=models.DateTimeField(null=True),
        ),
    ]
