"""One text under two ids: what was said before a text was handled tells its copy from an answer."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("messaging", "0005_calls_in_flight")]
    operations = [
        migrations.AddField(
            model_name="inbound", name="said_before", field=models.BigIntegerField(null=True)
        ),
        migrations.AddField(model_name="inbound", name="revives", field=models.BooleanField(default=False)),
    ]
