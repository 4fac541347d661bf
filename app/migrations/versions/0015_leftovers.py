"""What guests agree to along with an order, and the province of saved addresses."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.create_table(
        "guest_consent",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(32), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("text_version", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(given_at IS NULL) <> (withdrawn_at IS NULL)",
            name=op.f("ck_guest_consent_one_of_both"),
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["sales_order.id"], name=op.f("fk_guest_consent_order_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guest_consent")),
    )
    op.create_index(op.f("ix_guest_consent_order_id"), "guest_consent", ["order_id"])
    _only_add("guest_consent")
    op.add_column("address", sa.Column("province", sa.Text(), nullable=True))


def _only_add(table: str) -> None:
    """Let the database itself refuse to change or delete rows, as 0002 does for other tables."""
    if op.get_bind().dialect.name == "sqlite":
        for event in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        return
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )


def downgrade() -> None:
    # Not as a batch, which copies the table: SQLite would refuse to drop one that others point to.
    op.execute("ALTER TABLE address DROP COLUMN province")
    op.drop_table("guest_consent")
