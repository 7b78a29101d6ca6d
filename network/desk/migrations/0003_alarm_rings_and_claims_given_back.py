from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("desk", "0002_carriers_bad_days"),
    ]

    operations = [
        migrations.RenameField(model_name="need", old_name="paged_at", new_name="rang_at"),
        migrations.AddField(model_name="need", name="freed_at", field=models.DateTimeField(null=True)),
    ]
