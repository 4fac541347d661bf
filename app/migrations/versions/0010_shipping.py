"""Shipping: what goods weigh, prices seen in the cart, parcels and the money that carriers hand over."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.add_column("sku", sa.Column("weight", sa.BigInteger(), nullable=True))
    op.add_column("cart_line", sa.Column("seen_price", sa.BigInteger(), nullable=True))
    op.create_table(
        "parcel",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("carrier", sa.Text(), nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("weight", sa.BigInteger(), nullable=True),
        sa.Column("cod_amount", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        *(_time(name) for name in ("handed_at", "delivered_at", "failed_at", "returned_at")),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("cod_amount >= 0", name=op.f("ck_parcel_cod_not_negative")),
        sa.CheckConstraint("weight IS NULL OR weight > 0", name=op.f("ck_parcel_weight_positive")),
        sa.ForeignKeyConstraint(["order_id"], ["sales_order.id"], name=op.f("fk_parcel_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parcel")),
        sa.UniqueConstraint("carrier", "number", name=op.f("uq_parcel_carrier_number")),
        sa.UniqueConstraint("order_id", name=op.f("uq_parcel_order_id")),
    )
    op.create_index(op.f("ix_parcel_status_parcel_created_at"), "parcel", ["status", "created_at"])
    _remittances()


def _remittances() -> None:
    op.create_table(
        "remittance",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("carrier", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["user_account.id"], name=op.f("fk_remittance_actor_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remittance")),
        sa.UniqueConstraint("carrier", "reference", name=op.f("uq_remittance_carrier_reference")),
    )
    op.create_table(
        "remittance_line",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True),
        sa.Column("remittance_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("verdict", sa.String(32), nullable=False),
        sa.Column("parcel_id", sa.Uuid(), nullable=True),
        sa.Column("cleared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["parcel_id"], ["parcel.id"], name=op.f("fk_remittance_line_parcel_id")
        ),
        sa.ForeignKeyConstraint(
            ["remittance_id"], ["remittance.id"], name=op.f("fk_remittance_line_remittance_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remittance_line")),
    )
    for column in ("remittance_id", "parcel_id"):
        op.create_index(op.f(f"ix_remittance_line_{column}"), "remittance_line", [column])


def _time(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=True)


def downgrade() -> None:
    for table in ("remittance_line", "remittance", "parcel"):
        op.drop_table(table)
    op.drop_column("cart_line", "seen_price")
    op.drop_column("sku", "weight")
