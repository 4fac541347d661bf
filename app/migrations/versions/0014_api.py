"""Tokens for other programs, webhooks, and the log of what was told to them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision = "0013"

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def _key(name: str = "id", *, optional: bool = False) -> sa.Column:
    return sa.Column(name, sa.Uuid(), nullable=optional)


def _texts(*names: str) -> list[sa.Column]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _time(name: str, *, optional: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=optional)


def _to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{table}_{column}"))


def _unique(table: str, *columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*columns, name=op.f(f"uq_{table}_{'_'.join(columns)}"))


def _primary(table: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))


def upgrade() -> None:
    _token()
    _webhook()
    _event()
    _delivery()
    _guard()


def _token() -> None:
    op.create_table(
        "api_token",
        _key(),
        *_texts("note", "prefix", "token_hash", "scopes", "reach"),
        _time("created_at"),
        _key("created_by", optional=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("last_used_on", sa.Date(), nullable=True),
        _time("revoked_at", optional=True),
        _to("api_token", "created_by", "user_account.id"),
        _primary("api_token"),
        _unique("api_token", "prefix"),
        _unique("api_token", "token_hash"),
    )


def _webhook() -> None:
    op.create_table(
        "webhook",
        _key(),
        *_texts("note", "url", "events"),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("secret_no", sa.Integer(), nullable=False),
        _time("created_at"),
        _key("created_by", optional=True),
        _to("webhook", "created_by", "user_account.id"),
        _primary("webhook"),
    )


def _event() -> None:
    op.create_table(
        "webhook_event",
        _key(),
        sa.Column("type", sa.String(32), nullable=False),
        *_texts("subject"),
        sa.Column("data", JSON, nullable=False),
        _time("created_at"),
        _primary("webhook_event"),
        _unique("webhook_event", "type", "subject"),
    )


def _delivery() -> None:
    table = "webhook_delivery"
    op.create_table(
        table,
        _key(),
        _key("webhook_id"),
        _key("event_id"),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        _time("created_at"),
        _time("changed_at"),
        sa.CheckConstraint("attempts >= 0", name=op.f(f"ck_{table}_attempts_not_negative")),
        _to(table, "webhook_id", "webhook.id"),
        _to(table, "event_id", "webhook_event.id"),
        _primary(table),
        _unique(table, "webhook_id", "event_id"),
    )
    op.create_index(op.f(f"ix_{table}_event_id"), table, ["event_id"])
    op.create_index(op.f(f"ix_{table}_state_{table}_created_at"), table, ["state", "created_at"])
    op.create_table(
        "webhook_attempt",
        sa.Column("id", SERIAL, autoincrement=True, nullable=False),
        _key("delivery_id"),
        _time("at"),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("millis", sa.Integer(), nullable=False),
        *_texts("answer"),
        sa.Column("trouble", sa.Text(), nullable=True),
        _to("webhook_attempt", "delivery_id", f"{table}.id"),
        _primary("webhook_attempt"),
    )
    op.create_index(op.f("ix_webhook_attempt_delivery_id"), "webhook_attempt", ["delivery_id"])


def _guard() -> None:
    """The database itself refuses to change what was told, and how that went."""
    for table in ("webhook_attempt", "webhook_event"):
        if op.get_bind().dialect.name != "sqlite":
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
    for table in ("webhook_attempt", "webhook_delivery", "webhook_event", "webhook", "api_token"):
        op.drop_table(table)
