"""Tax classes of products, the treatment frozen on each line, and invoices that are never changed."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
TABLE = "e_invoice"
# What is said in an invoice that was issued, and by which number it is known.
CONTENT = (
    "key",
    "order_id",
    "kind",
    "corrects_id",
    "provider",
    "document",
    "net",
    "vat",
    "total",
    "reason",
    "made_at",
    "issued_at",
)
# Given once and kept for ever, whatever becomes of the invoice.
ONCE = ("symbol", "number", "tax_code", "lookup_url")


def upgrade() -> None:
    op.add_column("product", sa.Column("vat_class", sa.String(32), nullable=True))
    # 8 % exists only as the reduced standard rate, and it ends: these follow the table from now on.
    # Any other fixed rate may have several reasons and stays as it was ruled.
    op.execute(
        "UPDATE product SET vat_class = 'processed', vat_permille = NULL WHERE vat_permille = 80"
    )
    op.add_column("order_line", sa.Column("vat_kind", sa.String(32), nullable=True))
    op.execute("UPDATE order_line SET vat_kind = 'rate' WHERE vat_permille IS NOT NULL")
    op.create_table(
        TABLE,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        *(sa.Column(name, sa.Uuid(), nullable=True) for name in ("corrects_id", "refund_id")),
        *(sa.Column(name, sa.Text(), nullable=True) for name in ("provider", "symbol")),
        sa.Column("number", sa.Integer(), nullable=True),
        *(sa.Column(name, sa.Text(), nullable=True) for name in ("tax_code", "lookup_url")),
        sa.Column("document", JSON, nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=True) for name in ("net", "vat")),
        sa.Column("total", sa.BigInteger(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=True) for name in ("reason", "last_error")),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        *(
            sa.Column(name, sa.DateTime(timezone=True), nullable=True)
            for name in ("queued_at", "sent_at", "issued_at")
        ),
        sa.CheckConstraint(
            "net IS NULL OR net + vat = total", name=op.f("ck_e_invoice_total_adds_up")
        ),
        sa.CheckConstraint(
            "status NOT IN ('issued', 'adjusted', 'replaced') OR issued_at IS NOT NULL",
            name=op.f("ck_e_invoice_issued_has_time"),
        ),
        sa.ForeignKeyConstraint(["actor_id"], ["user_account.id"], name="fk_e_invoice_actor_id"),
        sa.ForeignKeyConstraint(["corrects_id"], ["e_invoice.id"], name="fk_e_invoice_corrects_id"),
        sa.ForeignKeyConstraint(["order_id"], ["sales_order.id"], name="fk_e_invoice_order_id"),
        sa.ForeignKeyConstraint(["refund_id"], ["refund.id"], name="fk_e_invoice_refund_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_e_invoice")),
        sa.UniqueConstraint("key", name=op.f("uq_e_invoice_key")),
        sa.UniqueConstraint("refund_id", name=op.f("uq_e_invoice_refund_id")),
        sa.UniqueConstraint("symbol", "number", name=op.f("uq_e_invoice_symbol_number")),
    )
    for columns in (["order_id"], ["corrects_id"], ["status", "made_at"]):
        name = "_e_invoice_".join(columns)
        op.create_index(op.f(f"ix_e_invoice_{name}"), TABLE, columns)
    _guard()


def _changed(*names: str) -> str:
    other = "IS NOT" if op.get_bind().dialect.name == "sqlite" else "IS DISTINCT FROM"
    return " OR ".join(f"NEW.{name} {other} OLD.{name}" for name in names)


def _guard() -> None:
    """The database itself refuses to change an issued invoice, or a number that was given."""
    back = "NEW.status NOT IN ('issued', 'adjusted', 'replaced')"
    again = " OR ".join(f"(OLD.{name} IS NOT NULL AND ({_changed(name)}))" for name in ONCE)
    wrong = f"(OLD.issued_at IS NOT NULL AND ({back} OR {_changed(*CONTENT)})) OR {again}"
    kept = "OLD.issued_at IS NOT NULL OR OLD.number IS NOT NULL"
    if op.get_bind().dialect.name == "sqlite":
        for event, when in (("UPDATE", wrong), ("DELETE", kept)):
            op.execute(
                f"CREATE TRIGGER {TABLE}_no_{event.lower()} BEFORE {event} ON {TABLE} "
                f"WHEN {when} BEGIN SELECT RAISE(ABORT, 'an issued invoice is never changed'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION refuse_invoice_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'an issued invoice is never changed'; END $$"
    )
    for event, when in (("UPDATE", wrong), ("DELETE", kept)):
        op.execute(
            f"CREATE TRIGGER {TABLE}_no_{event.lower()} BEFORE {event} ON {TABLE} "
            f"FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION refuse_invoice_change()"
        )


def downgrade() -> None:
    op.drop_table(TABLE)
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION refuse_invoice_change()")
    op.drop_column("order_line", "vat_kind")
    op.execute(
        "UPDATE product SET vat_permille = 80 WHERE vat_class = 'processed' AND vat_permille IS NULL"
    )
    op.drop_column("product", "vat_class")
