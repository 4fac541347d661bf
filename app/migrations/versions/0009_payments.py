"""Payments: what came and went back, bank entries, notices of providers, refunds, disputes."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXTS = ("code", "session_ref", "pay_url")
TIMES = ("claimed_at", "started_at", "asked_at")
UNIQUE = ("code", "session_ref")


def upgrade() -> None:
    with op.batch_alter_table("payment", schema=None) as batch_op:
        for name in TEXTS:
            batch_op.add_column(sa.Column(name, sa.Text(), nullable=True))
        for name in TIMES:
            batch_op.add_column(_time(name))
        for name in ("received", "refunded"):
            batch_op.add_column(_amount(name, server_default="0"))
        batch_op.add_column(sa.Column("attempt", sa.Integer(), server_default="0", nullable=False))
    op.execute("UPDATE payment SET received = amount WHERE status = 'settled'")
    with op.batch_alter_table("payment", schema=None) as batch_op:
        for name in UNIQUE:
            batch_op.create_unique_constraint(batch_op.f(f"uq_payment_{name}"), [name])
        batch_op.create_check_constraint(
            batch_op.f("ck_payment_refunded_within"), "refunded >= 0 AND refunded <= received"
        )
    op.create_table(
        "money_in",
        sa.Column("id", SERIAL, autoincrement=True, nullable=False),
        _payment(),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        _amount("amount"),
        _time("came_at", nullable=False),
        _time("recorded_at", nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("provider_ref", sa.Text(), nullable=True),
        _positive("money_in"),
        *_points("money_in", actor_id="user_account", payment_id="payment"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_money_in")),
        sa.UniqueConstraint("source", "key", name=op.f("uq_money_in_source_key")),
    )
    op.create_table(
        "bank_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("provider_id", sa.Text(), nullable=False),
        sa.Column("bank_ref", sa.Text(), nullable=True),
        sa.Column("account", sa.Text(), nullable=True),
        _amount("amount"),
        sa.Column("text", sa.Text(), nullable=False),
        _time("at", nullable=False),
        _time("recorded_at", nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.Column("payment_id", sa.Uuid(), nullable=True),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        _positive("bank_entry"),
        *_points("bank_entry", actor_id="user_account", payment_id="payment"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_entry")),
        sa.UniqueConstraint("source", "provider_id", name=op.f("uq_bank_entry_source_provider_id")),
    )
    op.create_table(
        "provider_event",
        sa.Column("id", SERIAL, autoincrement=True, nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("body", JSON, nullable=False),
        _time("made_at", nullable=False),
        _time("received_at", nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        _time("tried_at"),
        sa.Column("note", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_event")),
        sa.UniqueConstraint(
            "provider", "event_id", name=op.f("uq_provider_event_provider_event_id")
        ),
    )
    op.create_table(
        "refund",
        sa.Column("id", sa.Uuid(), nullable=False),
        _payment(),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        _amount("amount"),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proof", sa.Text(), nullable=True),
        sa.Column("provider_ref", sa.Text(), nullable=True),
        sa.Column("through", sa.Text(), nullable=True),
        _time("requested_at", nullable=False),
        sa.Column("requested_by", sa.Uuid(), nullable=True),
        *(_time(name) for name in ("queued_at", "sent_at", "settled_at")),
        _positive("refund"),
        *_points(
            "refund", order_id="sales_order", payment_id="payment", requested_by="user_account"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refund")),
        sa.UniqueConstraint("key", name=op.f("uq_refund_key")),
        sa.UniqueConstraint("provider_ref", name=op.f("uq_refund_provider_ref")),
    )
    op.create_table(
        "dispute",
        sa.Column("id", sa.Uuid(), nullable=False),
        _payment(),
        sa.Column("provider_ref", sa.Text(), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        _amount("amount"),
        sa.Column("reason", sa.Text(), nullable=False),
        _time("answer_by"),
        _time("told_at", nullable=False),
        *_points("dispute", payment_id="payment"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute")),
        sa.UniqueConstraint("provider_ref", name=op.f("uq_dispute_provider_ref")),
    )
    for table, *columns in INDEXES:
        op.create_index(_index(table, columns), table, columns)
    _only_add("money_in")


INDEXES = (
    ("money_in", "payment_id"),
    ("money_in", "provider_ref"),
    ("bank_entry", "payment_id"),
    ("bank_entry", "bank_ref"),
    ("bank_entry", "status", "at"),
    ("provider_event", "status", "tried_at"),
    ("refund", "payment_id"),
    ("refund", "order_id"),
    ("refund", "status", "requested_at"),
    ("dispute", "payment_id"),
)


def _index(table: str, columns: list[str]) -> str:
    first, *others = columns
    return "_".join([f"ix_{table}_{first}", *(f"{table}_{name}" for name in others)])


def _time(name: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _amount(name: str, server_default: str | None = None) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), server_default=server_default, nullable=False)


def _payment() -> sa.Column[object]:
    return sa.Column("payment_id", sa.Uuid(), nullable=False)


def _positive(table: str) -> sa.CheckConstraint:
    return sa.CheckConstraint("amount > 0", name=op.f(f"ck_{table}_amount_positive"))


def _points(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))
        for column, target in columns.items()
    ]


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
    for table in ("dispute", "refund", "provider_event", "bank_entry", "money_in"):
        op.drop_table(table)
    with op.batch_alter_table("payment", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_payment_refunded_within"), type_="check")
        for name in UNIQUE:
            batch_op.drop_constraint(batch_op.f(f"uq_payment_{name}"), type_="unique")
    with op.batch_alter_table("payment", schema=None) as batch_op:
        for name in (*TEXTS, *TIMES, "received", "refunded", "attempt"):
            batch_op.drop_column(name)
