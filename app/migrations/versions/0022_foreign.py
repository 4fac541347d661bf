"""Serials that others issued."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def _time(name: str, *, optional: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=optional)


def _key(name: str, *, optional: bool = False) -> sa.Column:
    return sa.Column(name, sa.Uuid(), nullable=optional)


def _to(column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_foreign_serial_{column}"))


def upgrade() -> None:
    op.create_table(
        "foreign_serial",
        _key("id"),
        _key("sku_id"),
        sa.Column("serial", sa.Text(), nullable=False),
        _key("lot_id", optional=True),
        sa.Column("source", sa.Text(), nullable=False),
        _time("imported_at"),
        _key("imported_by", optional=True),
        sa.Column("scan_count", sa.Integer(), nullable=False, server_default="0"),
        _time("first_scan_at", optional=True),
        _time("last_scan_at", optional=True),
        sa.CheckConstraint("scan_count >= 0", name=op.f("ck_foreign_serial_scans_not_negative")),
        _to("sku_id", "sku.id"),
        _to("lot_id", "lot.id"),
        _to("imported_by", "user_account.id"),
        sa.UniqueConstraint("sku_id", "serial", name=op.f("uq_foreign_serial_sku_id_serial")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_foreign_serial")),
    )
    op.create_index(op.f("ix_foreign_serial_serial"), "foreign_serial", ["serial"])
    op.create_index(op.f("ix_foreign_serial_lot_id"), "foreign_serial", ["lot_id"])


def downgrade() -> None:
    op.drop_table("foreign_serial")
