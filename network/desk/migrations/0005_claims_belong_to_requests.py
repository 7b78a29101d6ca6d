from django.db import migrations, models

FILL = """
    UPDATE desk_need SET subject = CASE
        WHEN request_id IS NOT NULL THEN 'request:' || request_id
        WHEN person_id IS NOT NULL THEN 'person:' || person_id
        ELSE about END
"""
CLAIMS = """
    INSERT INTO desk_claim (subject, staff_id, claimed_at, seen_at)
    SELECT DISTINCT ON (subject) subject, claimed_by, claimed_at, COALESCE(claim_seen_at, claimed_at)
    FROM desk_need WHERE closed_at IS NULL AND claimed_by IS NOT NULL
    ORDER BY subject, claimed_at
"""


class Migration(migrations.Migration):
    dependencies = [("desk", "0004_claims_lapse")]

    operations = [
        migrations.AddField(
            "need", "subject", models.CharField(default="", max_length=64), preserve_default=False
        ),
        migrations.AddField("need", "grave", models.BooleanField(default=False)),
        migrations.AddField("need", "read_at", models.DateTimeField(null=True)),
        migrations.CreateModel(
            name="Claim",
            fields=[
                ("subject", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("staff_id", models.UUIDField()),
                ("claimed_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField()),
            ],
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL(CLAIMS, migrations.RunSQL.noop),
        migrations.RemoveField("need", "claim_seen_at"),
        migrations.AddIndex(
            "need",
            models.Index(
                condition=models.Q(("closed_at", None)), fields=["subject"], name="open_needs_by_subject"
            ),
        ),
    ]
