"""A day's key that still seals what waits for a person is looked at again some time later."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("privacy", "0001_initial")]
    operations = [
        migrations.AddField(model_name="key", name="kept_until", field=models.DateTimeField(null=True))
    ]
