from uuid import uuid4

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("console", "0001_views_and_keys")]

    operations = [
        migrations.CreateModel(
            name="Press",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("nonce", models.UUIDField(default=uuid4, editable=False)),
                ("at", models.DateTimeField(db_index=True)),
                ("answer", models.CharField(blank=True, max_length=300)),
            ],
        ),
    ]
