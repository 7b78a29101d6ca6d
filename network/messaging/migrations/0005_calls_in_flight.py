"""A call whose answer was not waited for may still be taken: until when, the row says."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("messaging", "0004_wording")]
    operations = [
        migrations.AddField(
            model_name="outbound", name="in_flight_until", field=models.DateTimeField(null=True)
        )
    ]
