"""Repository of EPCIS events: our own and those of others, captured and kept."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0020"
down_revision = "0019"

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
TABLES = ("epcis_capture", "epcis_event", "epcis_object")
INDEXES = (
    ("event_time", "id"),
    ("lot_id", "event_time"),
    ("producer_id", "event_time"),
    ("place_id", "event_time"),
    ("biz_step", "event_time"),
    ("biz_location", "event_time"),
    ("batch_id", "first"),
    ("token_id",),
    ("capture_id",),
)


def _to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{table}_{column}"))


def _text(name: str, *, optional: bool = False) -> sa.Column:
    return sa.Column(name, sa.Text(), nullable=optional)


def _flag(name: str) -> sa.Column:
    return sa.Column(name, sa.Boolean(), nullable=False)


def _time(name: str) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def _key(name: str, *, optional: bool = True) -> sa.Column:
    return sa.Column(name, sa.Uuid(), nullable=optional)


def upgrade() -> None:
    _capture()
    _event()
    _object()
    for table in TABLES:
        _guard(table)


def _capture() -> None:
    table = "epcis_capture"
    op.create_table(
        table,
        _key("id", optional=False),
        _key("token_id", optional=False),
        _time("at"),
        _flag("success"),
        _flag("rollback"),
        sa.Column("answers", JSON, nullable=False),
        _to(table, "token_id", "api_token.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_epcis_capture")),
    )
    op.create_index(op.f("ix_epcis_capture_token_id"), table, ["token_id"])


def _event() -> None:
    table = "epcis_event"
    op.create_table(
        table,
        sa.Column("id", SERIAL, nullable=False),
        _text("event_id"),
        _flag("declared"),
        _text("digest"),
        _time("event_time"),
        _time("recorded_at"),
        _text("biz_step", optional=True),
        _text("biz_location", optional=True),
        sa.Column("body", JSON, nullable=False),
        sa.Column("source", sa.String(32), nullable=False),
        sa.Column("source_key", SERIAL, nullable=True),
        sa.Column("part", sa.Integer(), nullable=False),
        _flag("public"),
        *(_key(name) for name in ("lot_id", "producer_id", "place_id", "batch_id")),
        sa.Column("first", sa.Integer(), nullable=True),
        sa.Column("last", sa.Integer(), nullable=True),
        _text("stem", optional=True),
        _key("token_id"),
        _key("capture_id"),
        *_rules(table),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_epcis_event")),
    )
    for columns in INDEXES:
        name = f"ix_{table}_" + f"_{table}_".join(columns)
        op.create_index(op.f(name), table, list(columns))


def _rules(table: str) -> list[sa.Constraint]:
    return [
        sa.CheckConstraint(
            "(batch_id IS NULL) = (first IS NULL) AND (first IS NULL) = (last IS NULL)"
            " AND (first IS NULL) = (stem IS NULL)",
            name=op.f(f"ck_{table}_stamps_whole"),
        ),
        sa.CheckConstraint(
            "(source = 'captured') = (source_key IS NULL)", name=op.f(f"ck_{table}_origin_known")
        ),
        sa.CheckConstraint(
            "(source = 'captured') = (capture_id IS NOT NULL)",
            name=op.f(f"ck_{table}_capture_known"),
        ),
        _to(table, "lot_id", "lot.id"),
        _to(table, "producer_id", "producer.id"),
        _to(table, "place_id", "place.id"),
        _to(table, "batch_id", "stamp_batch.id"),
        _to(table, "token_id", "api_token.id"),
        _to(table, "capture_id", "epcis_capture.id"),
        sa.UniqueConstraint("event_id", "declared", name=op.f(f"uq_{table}_event_id_declared")),
        sa.UniqueConstraint(
            "source", "source_key", "part", name=op.f(f"uq_{table}_source_source_key_part")
        ),
    ]


def _object() -> None:
    table = "epcis_object"
    op.create_table(
        table,
        sa.Column("event_key", SERIAL, nullable=False),
        _text("uri"),
        _flag("classed"),
        _to(table, "event_key", "epcis_event.id"),
        sa.PrimaryKeyConstraint("event_key", "uri", name=op.f("pk_epcis_object")),
    )
    op.create_index(op.f("ix_epcis_object_uri_epcis_object_event_key"), table, ["uri", "event_key"])


def _guard(table: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        return
    for event in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
