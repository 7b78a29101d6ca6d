"""What the tables of a database hold: how many rows each, and a checksum, so that two can be compared."""

from psycopg import Connection, sql

from network.backups.archives import TableSum

# How a row is written as text must be the same on both sides.
AS_TEXT = (
    "SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO, YMD'; SET LOCAL IntervalStyle = 'iso_8601';"
    " SET LOCAL bytea_output = 'hex'; SET LOCAL extra_float_digits = 1"
)
NAMES = """
    SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'r' AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
    ORDER BY 1, 2
"""
SUM = """
    SELECT count(*), coalesce(sum(
        ('x' || encode(substr(sha256(convert_to(t::text, 'UTF8')), 1, 8), 'hex'))::bit(64)::bigint::numeric
    ), 0)::text FROM {} t
"""
ANYTHING = """
    SELECT EXISTS (
        SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
            AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
    )
"""


def sums(line: Connection) -> dict[str, TableSum]:
    """Of every table, within the transaction that this connection is in."""
    line.execute(AS_TEXT)
    held = {}
    for schema, name in line.execute(NAMES).fetchall():
        counted = line.execute(sql.SQL(SUM).format(sql.Identifier(schema, name))).fetchone()
        assert counted is not None  # an aggregate has a row
        held[f"{schema}.{name}"] = TableSum(*counted)
    return held


def differing(before: dict[str, TableSum], after: dict[str, TableSum]) -> list[str]:
    """The tables that aren't the same, in order: other rows, or on one side only."""
    return sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))


def is_empty(line: Connection) -> bool:
    """Whether nobody has made anything in this database: no table, view or sequence."""
    asked = line.execute(ANYTHING).fetchone()
    return asked is not None and not asked[0]
