"""Scans with coarse place, suspicion of single stamps, cases, and doubts of consumers."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0018"
down_revision = "0017"

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
OPEN = sa.text("closed_at IS NULL")


def _key(name: str = "id", *, optional: bool = False) -> sa.Column:
    return sa.Column(name, sa.Uuid(), nullable=optional)


def _text(name: str, *, optional: bool = False) -> sa.Column:
    return sa.Column(name, sa.Text(), nullable=optional)


def _time(name: str, *, optional: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=optional)


def _whole(name: str, *, optional: bool = False) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=optional)


def _word(name: str) -> sa.Column:
    return sa.Column(name, sa.String(32), nullable=False)


def _to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{table}_{column}"))


def _primary(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*(columns or ("id",)), name=op.f(f"pk_{table}"))


def _unique(table: str, *columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*columns, name=op.f(f"uq_{table}_{'_'.join(columns)}"))


def upgrade() -> None:
    op.add_column(
        "stamp_item", sa.Column("suspicion", sa.Integer(), nullable=False, server_default="0")
    )
    op.add_column("stamp_item", _time("cleared_at", optional=True))
    op.add_column("scan", _text("device", optional=True))
    op.add_column("scan", _whole("lat10", optional=True))
    op.add_column("scan", _whole("lon10", optional=True))
    op.create_index(op.f("ix_scan_at"), "scan", ["at"])
    _small_tables()
    _case()
    _doubt()


def _small_tables() -> None:
    op.create_table(
        "day_salt",
        sa.Column("day", sa.Date(), nullable=False),
        _text("salt"),
        _primary("day_salt", "day"),
    )
    op.create_table(
        "scan_day",
        _key("batch_id"),
        sa.Column("day", sa.Date(), nullable=False),
        _text("cell"),
        _text("verdict"),
        _whole("scans"),
        _whole("codes"),
        _to("scan_day", "batch_id", "stamp_batch.id"),
        _primary("scan_day", "batch_id", "day", "cell", "verdict"),
    )
    op.create_table(
        "clone_threshold",
        _text("name"),
        _whole("value"),
        _time("changed_at"),
        _key("changed_by", optional=True),
        _to("clone_threshold", "changed_by", "user_account.id"),
        _primary("clone_threshold", "name"),
    )


def _case() -> None:
    table = "stamp_case"
    op.create_table(
        table,
        _key(),
        _word("kind"),
        _text("subject"),
        _key("batch_id"),
        _whole("number", optional=True),
        _text("cell", optional=True),
        _whole("score"),
        sa.Column("reasons", JSON, nullable=False),
        _word("status"),
        _time("opened_at"),
        _time("seen_at"),
        _time("closed_at", optional=True),
        _text("note", optional=True),
        _key("assigned_to", optional=True),
        sa.CheckConstraint("score >= 0", name=op.f("ck_stamp_case_score_not_negative")),
        _to(table, "batch_id", "stamp_batch.id"),
        _to(table, "assigned_to", "user_account.id"),
        _primary(table),
    )
    op.create_index(op.f("ix_stamp_case_batch_id"), table, ["batch_id"])
    op.create_index(
        "uq_stamp_case_open",
        table,
        ["subject"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )


def _doubt() -> None:
    table = "doubt"
    op.create_table(
        table,
        _key(),
        _text("ref"),
        _text("key"),
        _time("at"),
        _text("code"),
        _key("batch_id", optional=True),
        _whole("number", optional=True),
        _text("verdict"),
        _text("text"),
        _text("where", optional=True),
        _text("contact", optional=True),
        _text("language"),
        _word("status"),
        _text("answer", optional=True),
        _time("answered_at", optional=True),
        _key("answered_by", optional=True),
        _to(table, "batch_id", "stamp_batch.id"),
        _to(table, "answered_by", "user_account.id"),
        _unique(table, "ref"),
        _unique(table, "key"),
        _primary(table),
    )
    op.create_index(op.f("ix_doubt_batch_id"), table, ["batch_id"])
    table = "doubt_photo"
    op.create_table(
        table,
        _key(),
        _key("doubt_id"),
        _text("sha256"),
        _text("media_type"),
        _whole("width"),
        _whole("height"),
        _time("at"),
        _to(table, "doubt_id", "doubt.id"),
        _unique(table, "doubt_id", "sha256"),
        _primary(table),
    )
    op.create_index(op.f("ix_doubt_photo_sha256"), table, ["sha256"])


def downgrade() -> None:
    for table in ("doubt_photo", "doubt", "stamp_case", "clone_threshold", "scan_day", "day_salt"):
        op.drop_table(table)
    op.drop_index(op.f("ix_scan_at"), "scan")
    for column in ("lon10", "lat10", "device"):
        op.drop_column("scan", column)
    for column in ("cleared_at", "suspicion"):
        op.drop_column("stamp_item", column)
