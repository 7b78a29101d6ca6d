from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("support", "0004_calls")]

    operations = [
        migrations.AddField("supportrequest", "contact_asked_by", models.UUIDField(null=True)),
        migrations.AddField("supportrequest", "contact_asked_at", models.DateTimeField(null=True)),
        migrations.AddField("supportrequest", "contact_agreed_by", models.UUIDField(null=True)),
        migrations.AddField("supportrequest", "contact_agreed_at", models.DateTimeField(null=True)),
        migrations.AddConstraint(
            "supportrequest",
            models.CheckConstraint(
                condition=Q(contact_agreed_by=None) | ~Q(contact_agreed_by=F("contact_asked_by")),
                name="two_agree_to_write_under_duress",
            ),
        ),
    ]
