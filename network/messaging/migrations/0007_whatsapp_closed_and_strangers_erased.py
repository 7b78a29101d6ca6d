"""When WhatsApp refused us, and contacts of which nothing is left but that they stopped our texts."""

import django.db.models.deletion
from django.db import migrations, models

import network.privacy.fields


class Migration(migrations.Migration):
    dependencies = [("messaging", "0006_copies_of_texts"), ("privacy", "0002_keys_kept_a_while")]
    operations = [
        migrations.AddField(model_name="contact", name="closed_at", field=models.DateTimeField(null=True)),
        migrations.AlterField(
            model_name="contact",
            name="key",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="privacy.key"
            ),
        ),
        migrations.AlterField(
            model_name="contact",
            name="phone",
            field=network.privacy.fields.SealedTextField(null=True),
        ),
    ]
