"""Histories of lots: ancestors, files, corrections, daily anchors; recalls."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0019"
down_revision = "0018"

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
APPEND_ONLY = ("lot_parent", "journal_file", "entry_shown", "anchor")


def _key(name: str = "id", *, optional: bool = False) -> sa.Column:
    return sa.Column(name, sa.Uuid(), nullable=optional)


def _serial(name: str = "id") -> sa.Column:
    return sa.Column(name, SERIAL, nullable=False)


def _texts(*names: str) -> list[sa.Column]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _time(name: str, *, optional: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=optional)


def _to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{table}_{column}"))


def _primary(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*(columns or ("id",)), name=op.f(f"pk_{table}"))


def _unique(table: str, *columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*columns, name=op.f(f"uq_{table}_{'_'.join(columns)}"))


def upgrade() -> None:
    op.add_column("journal_entry", sa.Column("corrects", sa.Integer(), nullable=True))
    op.add_column("journal_entry", sa.Column("file_hashes", sa.Text(), nullable=True))
    op.add_column(
        "journal_entry", sa.Column("form", sa.Integer(), nullable=False, server_default="1")
    )
    _parents()
    _entries()
    _anchor()
    _recall()
    _holders()
    _guard()


def _parents() -> None:
    table = "lot_parent"
    op.create_table(
        table,
        _key("lot_id"),
        _key("parent_id"),
        sa.Column("quantity", sa.BigInteger(), nullable=True),
        _time("at"),
        _key("actor_id", optional=True),
        sa.CheckConstraint("lot_id <> parent_id", name=op.f("ck_lot_parent_another_lot")),
        sa.CheckConstraint(
            "quantity IS NULL OR quantity > 0", name=op.f("ck_lot_parent_quantity_positive")
        ),
        _to(table, "lot_id", "lot.id"),
        _to(table, "parent_id", "lot.id"),
        _to(table, "actor_id", "user_account.id"),
        _primary(table, "lot_id", "parent_id"),
    )
    op.create_index(op.f("ix_lot_parent_parent_id"), table, ["parent_id"])


def _entries() -> None:
    table = "journal_file"
    op.create_table(
        table,
        _serial(),
        sa.Column("entry_id", SERIAL, nullable=False),
        *_texts("sha256", "media_type", "name"),
        _to(table, "entry_id", "journal_entry.id"),
        _unique(table, "entry_id", "sha256"),
        _primary(table),
    )
    op.create_index(op.f("ix_journal_file_sha256"), table, ["sha256"])
    table = "entry_shown"
    op.create_table(
        table,
        _serial(),
        sa.Column("entry_id", SERIAL, nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        _time("at"),
        _key("actor_id", optional=True),
        _to(table, "entry_id", "journal_entry.id"),
        _to(table, "actor_id", "user_account.id"),
        _primary(table),
    )
    op.create_index(op.f("ix_entry_shown_entry_id"), table, ["entry_id"])


def _anchor() -> None:
    op.create_table(
        "anchor",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("lots", sa.Integer(), nullable=False),
        *_texts("root", "previous", "signature", "public_key"),
        _time("at"),
        _primary("anchor", "day"),
    )


def _recall() -> None:
    table = "recall"
    op.create_table(
        table,
        _key(),
        *_texts("number", "key"),
        sa.Column("kind", sa.String(32), nullable=False),
        _key("lot_id"),
        _key("batch_id", optional=True),
        sa.Column("first", sa.Integer(), nullable=True),
        sa.Column("last", sa.Integer(), nullable=True),
        *_texts("reason"),
        sa.Column("advice", sa.Text(), nullable=True),
        _time("opened_at"),
        _key("opened_by", optional=True),
        _time("closed_at", optional=True),
        _key("closed_by", optional=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("reach", JSON, nullable=False),
        sa.CheckConstraint(
            "(batch_id IS NULL) = (first IS NULL) AND (first IS NULL) = (last IS NULL)",
            name=op.f("ck_recall_range_whole"),
        ),
        sa.CheckConstraint(
            "first IS NULL OR (first >= 0 AND last >= first)", name=op.f("ck_recall_range_ordered")
        ),
        _to(table, "lot_id", "lot.id"),
        _to(table, "batch_id", "stamp_batch.id"),
        _to(table, "opened_by", "user_account.id"),
        _to(table, "closed_by", "user_account.id"),
        _unique(table, "number"),
        _unique(table, "key"),
        _primary(table),
    )
    op.create_index(op.f("ix_recall_lot_id"), table, ["lot_id"])
    op.create_index(op.f("ix_recall_batch_id"), table, ["batch_id"])


def _holders() -> None:
    table = "recall_notice"
    op.create_table(
        table,
        _key(),
        _key("recall_id"),
        _key("order_id"),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("by_mail", sa.Boolean(), nullable=False),
        _time("told_at", optional=True),
        _key("told_by", optional=True),
        _to(table, "recall_id", "recall.id"),
        _to(table, "order_id", "sales_order.id"),
        _to(table, "told_by", "user_account.id"),
        _unique(table, "recall_id", "order_id"),
        _primary(table),
    )
    op.create_index(op.f("ix_recall_notice_order_id"), table, ["order_id"])
    table = "recall_place"
    op.create_table(
        table,
        _key(),
        _key("recall_id"),
        _key("place_id"),
        sa.Column("expected", sa.BigInteger(), nullable=False),
        sa.Column("found", sa.BigInteger(), nullable=True),
        _time("confirmed_at", optional=True),
        _key("confirmed_by", optional=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "found IS NULL OR found >= 0", name=op.f("ck_recall_place_found_not_negative")
        ),
        _to(table, "recall_id", "recall.id"),
        _to(table, "place_id", "place.id"),
        _to(table, "confirmed_by", "user_account.id"),
        _unique(table, "recall_id", "place_id"),
        _primary(table),
    )
    op.create_index(op.f("ix_recall_place_place_id"), table, ["place_id"])


def _guard() -> None:
    for table in APPEND_ONLY:
        if op.get_bind().dialect.name == "postgresql":
            op.execute(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
            )
            continue
        for event in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )


def downgrade() -> None:
    for table in ("recall_place", "recall_notice", "recall", *reversed(APPEND_ONLY)):
        op.drop_table(table)
    op.drop_column("journal_entry", "form")
    op.drop_column("journal_entry", "file_hashes")
    op.drop_column("journal_entry", "corrects")
