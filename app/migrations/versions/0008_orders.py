"""Orders: discounts with their bearer, the way to the buyer, the confirmed copy, time to pay."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
TEXTS = ("province", "delivery_option", "voucher_code", "terms_version")
TIMES = ("pay_until", "paid_at", "delivered_at")
AMOUNTS = ("discount", "delivery_discount", "cod_fee")
TOTAL = "total = subtotal - discount + delivery_fee - delivery_discount + cod_fee + rounding"


def upgrade() -> None:
    with op.batch_alter_table("sales_order", schema=None) as batch_op:
        for name in TEXTS:
            batch_op.add_column(sa.Column(name, sa.Text(), nullable=True))
        for name in TIMES:
            batch_op.add_column(sa.Column(name, sa.DateTime(timezone=True), nullable=True))
        for name in ("arrives_from", "arrives_until"):
            batch_op.add_column(sa.Column(name, sa.Date(), nullable=True))
        for name in ("invoice_to", "confirmed"):
            batch_op.add_column(sa.Column(name, JSON, nullable=True))
        batch_op.add_column(sa.Column("weight", sa.BigInteger(), nullable=True))
        for name in AMOUNTS:
            batch_op.add_column(_amount(name))
        batch_op.drop_constraint(batch_op.f("ck_sales_order_total_adds_up"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_sales_order_total_adds_up"), TOTAL)
        batch_op.create_check_constraint(
            batch_op.f("ck_sales_order_total_not_negative"), "total >= 0"
        )
    with op.batch_alter_table("place", schema=None) as batch_op:
        batch_op.add_column(_amount("kept_back"))
        batch_op.create_check_constraint(
            batch_op.f("ck_place_kept_back_not_negative"), "kept_back >= 0"
        )
    with op.batch_alter_table("order_line", schema=None) as batch_op:
        batch_op.add_column(_amount("discount"))
        batch_op.create_check_constraint(
            batch_op.f("ck_order_line_discount_within"), "discount >= 0 AND discount <= line_total"
        )
    op.create_table(
        "discount",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("bearer", sa.String(32), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_discount_amount_positive")),
        sa.ForeignKeyConstraint(["line_id"], ["order_line.id"], name=op.f("fk_discount_line_id")),
        sa.ForeignKeyConstraint(
            ["order_id"], ["sales_order.id"], name=op.f("fk_discount_order_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discount")),
    )
    op.create_table(
        "bin",
        sa.Column("place_id", sa.Uuid(), nullable=False),
        sa.Column("sku_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_bin_place_id")),
        sa.ForeignKeyConstraint(["sku_id"], ["sku.id"], name=op.f("fk_bin_sku_id")),
        sa.PrimaryKeyConstraint("place_id", "sku_id", name=op.f("pk_bin")),
    )
    with op.batch_alter_table("discount", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_discount_line_id"), ["line_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_discount_order_id"), ["order_id"], unique=False)


def _amount(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), server_default="0", nullable=False)


def downgrade() -> None:
    op.drop_table("bin")
    op.drop_table("discount")
    with op.batch_alter_table("place", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_place_kept_back_not_negative"), type_="check")
        batch_op.drop_column("kept_back")
    with op.batch_alter_table("order_line", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_order_line_discount_within"), type_="check")
        batch_op.drop_column("discount")
    with op.batch_alter_table("sales_order", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_sales_order_total_not_negative"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_sales_order_total_adds_up"), type_="check")
        batch_op.create_check_constraint(
            batch_op.f("ck_sales_order_total_adds_up"), "total = subtotal + delivery_fee + rounding"
        )
        for name in (*TEXTS, *TIMES, *AMOUNTS, "arrives_from", "arrives_until", "invoice_to"):
            batch_op.drop_column(name)
        batch_op.drop_column("confirmed")
        batch_op.drop_column("weight")
