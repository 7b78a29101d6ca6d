"""Lines that are never changed, whom they name apart from them, the chain of blocks, and what the database refuses."""

import json
import os

from django.db import migrations, models

from network.audit.marks import of_names
from network.audit.rules import parted

VIEW = """
CREATE VIEW audit_entry AS
SELECT l.id, l.at, coalesce(nullif(w.actor, ''), l.actor) AS actor, l.action,
    coalesce(nullif(w.about, ''), l.about) AS about, w.request_id,
    CASE WHEN w.ids IS NULL THEN l.detail ELSE l.detail || w.ids END AS detail
FROM audit_line l LEFT JOIN audit_whom w ON w.line_id = l.id
"""

# Lines and blocks are written once. They go by audit_drop alone, which says so while it works.
REFUSED = """
CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('audit.dropping', true) = 'on' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'the history is never changed: % of % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER lines_are_never_changed BEFORE UPDATE OR DELETE ON audit_line
    FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER lines_are_never_emptied BEFORE TRUNCATE ON audit_line
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER blocks_are_never_changed BEFORE UPDATE OR DELETE ON audit_block
    FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER blocks_are_never_emptied BEFORE TRUNCATE ON audit_block
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
"""

# The oldest blocks, up to a published head, of days before a moment. 14 days is the least that a network can set.
DROPPED = """
CREATE FUNCTION audit_drop(last_block bigint, before timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    head audit_head;
    edge bigint;
    dropped bigint;
BEGIN
    SELECT * INTO head FROM audit_head;
    IF head.block IS NULL OR last_block > head.block THEN
        RAISE EXCEPTION 'only blocks up to a published head are dropped';
    END IF;
    IF before > greatest(now(), head.next_at - interval '1 hour') - interval '14 days'
        OR EXISTS (SELECT FROM audit_block WHERE number <= last_block AND latest >= before)
    THEN
        RAISE EXCEPTION 'only days that are over for two weeks are dropped';
    END IF;
    SELECT up_to INTO edge FROM audit_block WHERE number = last_block;
    PERFORM set_config('audit.dropping', 'on', true);
    DELETE FROM audit_whom WHERE line_id <= edge;
    DELETE FROM audit_line WHERE id <= edge;
    GET DIAGNOSTICS dropped = ROW_COUNT;
    DELETE FROM audit_block WHERE number <= last_block;
    PERFORM set_config('audit.dropping', 'off', true);
    RETURN dropped;
END $$;
"""

NOTHING_OF_IT = """
DROP VIEW audit_entry;
DROP FUNCTION audit_drop(bigint, timestamptz);
DROP FUNCTION audit_refuse() CASCADE;
"""


def carry_over(apps, editor):
    """Each line of before becomes one of today, with whom it names beside it."""
    with editor.connection.cursor() as cursor:
        cursor.execute("SELECT id, at, actor, action, about, request_id, detail FROM audit_entry ORDER BY id")
        rows = cursor.fetchall()
    lines, whom = [], []
    line_of, whom_of = apps.get_model("audit", "Line"), apps.get_model("audit", "Whom")
    for id_, at, actor, action, about, request_id, detail in rows:
        whole = json.loads(detail) if isinstance(detail, str) else detail
        plain, named = parted(actor, about, request_id, whole)
        key = os.urandom(16) if named else None
        names = None
        if key:
            names = of_names(
                key, request_id=named.request_id, actor=named.actor, about=named.about, ids=named.ids
            )
            whom.append(
                whom_of(
                    line_id=id_,
                    key=key,
                    request_id=request_id,
                    person_id=named.person_id(),
                    actor=named.actor,
                    about=named.about,
                    ids=named.ids,
                )
            )
        lines.append(
            line_of(
                id=id_,
                at=at,
                actor=plain.actor,
                action=action,
                about=plain.about,
                detail=plain.detail,
                names=names,
            )
        )
    line_of.objects.bulk_create(lines, batch_size=1000)
    whom_of.objects.bulk_create(whom, batch_size=1000)
    if lines:
        with editor.connection.cursor() as cursor:
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence('audit_line', 'id'), max(id)) FROM audit_line"
            )


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Line",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(db_index=True)),
                ("actor", models.CharField(max_length=48)),
                ("action", models.CharField(max_length=48)),
                ("about", models.CharField(max_length=64)),
                ("detail", models.JSONField(default=dict)),
                ("names", models.BinaryField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Whom",
            fields=[
                ("line_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("key", models.BinaryField()),
                ("request_id", models.UUIDField(db_index=True, null=True)),
                ("person_id", models.UUIDField(db_index=True, null=True)),
                ("actor", models.CharField(default="", max_length=48)),
                ("about", models.CharField(db_index=True, default="", max_length=64)),
                ("ids", models.JSONField(default=dict)),
            ],
            options={
                "verbose_name_plural": "whom",
            },
        ),
        migrations.CreateModel(
            name="Block",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("first", models.BigIntegerField()),
                ("lines", models.IntegerField()),
                ("up_to", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("latest", models.DateTimeField(db_index=True)),
                ("previous", models.BinaryField()),
                ("marks", models.BinaryField()),
                ("hash", models.BinaryField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("lines__gte", 1)), name="a_block_has_lines"),
                    models.UniqueConstraint(fields=("first",), name="lines_are_in_one_block"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Head",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("block", models.BigIntegerField(null=True)),
                ("hash", models.BinaryField(null=True)),
                ("published_at", models.DateTimeField(null=True)),
                ("next_at", models.DateTimeField()),
                ("failed", models.BooleanField(default=False)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="the_head_is_one_row"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("block", None), ("hash", None), ("published_at", None)),
                            models.Q(
                                ("block__isnull", False),
                                ("hash__isnull", False),
                                ("published_at__lt", models.F("next_at")),
                            ),
                            _connector="OR",
                        ),
                        name="a_head_is_published_whole",
                    ),
                ],
            },
        ),
        migrations.RunPython(carry_over, migrations.RunPython.noop),
        migrations.DeleteModel("Entry"),
        migrations.CreateModel(
            name="Entry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("actor", models.CharField(max_length=48)),
                ("action", models.CharField(max_length=48)),
                ("about", models.CharField(max_length=64)),
                ("request_id", models.UUIDField(null=True)),
                ("detail", models.JSONField(default=dict)),
            ],
            options={
                "verbose_name_plural": "entries",
                "managed": False,
            },
        ),
        migrations.RunSQL([VIEW, REFUSED, DROPPED], [NOTHING_OF_IT]),
    ]
