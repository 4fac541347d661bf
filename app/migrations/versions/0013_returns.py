"""Returns, exchanges and complaints: cases, their history and pictures, and units spoken for."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
APPEND_ONLY = ("case_goods", "case_event")


def _key(name: str = "id") -> sa.Column:
    return sa.Column(name, sa.Uuid(), nullable=False)


def _serial() -> sa.Column:
    return sa.Column("id", SERIAL, autoincrement=True, nullable=False)


def _text(name: str, *, optional: bool = False) -> sa.Column:
    return sa.Column(name, sa.Text(), nullable=optional)


def _time(name: str, *, optional: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=optional)


def _units(*names: str) -> list[sa.Column]:
    return [sa.Column(name, sa.BigInteger(), nullable=False) for name in names]


def _words(*names: str) -> list[sa.Column]:
    return [sa.Column(name, sa.String(32), nullable=False) for name in names]


def _to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{table}_{column}"))


def _checks(table: str, rules: Sequence[tuple[str, str]]) -> list[sa.CheckConstraint]:
    return [sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}")) for name, rule in rules]


def upgrade() -> None:
    _case()
    _case_line()
    _what_comes_with_it()
    op.create_table(
        "line_claim",
        _key("line_id"),
        *_units("sold", "claimed", "repaid"),
        *_checks(
            "line_claim",
            [
                ("claimed_within", "claimed >= 0 AND claimed <= sold"),
                ("repaid_within", "repaid >= 0 AND repaid <= sold"),
            ],
        ),
        _to("line_claim", "line_id", "order_line.id"),
        sa.PrimaryKeyConstraint("line_id", name=op.f("pk_line_claim")),
    )
    _guard()


def _case() -> None:
    table = "service_case"
    op.create_table(
        table,
        _key(),
        _text("number"),
        _key("order_id"),
        *_words("status", "reason", "wish"),
        _text("text"),
        _text("language"),
        *(_text(f"contact_{part}", optional=True) for part in ("name", "phone", "email")),
        sa.Column("by_buyer", sa.Boolean(), nullable=False),
        _time("opened_at"),
        sa.Column("opened_by", sa.Uuid(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("remedy", sa.String(32), nullable=True),
        sa.Column("goods_back", sa.Boolean(), nullable=False),
        _text("decision", optional=True),
        _time("decided_at", optional=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        _time("ended_at", optional=True),
        *_units("amount"),
        sa.Column("exchange_id", sa.Uuid(), nullable=True),
        *_checks(table, [("amount_not_negative", "amount >= 0")]),
        _to(table, "order_id", "sales_order.id"),
        _to(table, "exchange_id", "sales_order.id"),
        _to(table, "opened_by", "user_account.id"),
        _to(table, "decided_by", "user_account.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_case")),
        sa.UniqueConstraint("number", name=op.f("uq_service_case_number")),
        sa.UniqueConstraint("exchange_id", name=op.f("uq_service_case_exchange_id")),
    )
    op.create_index(op.f("ix_service_case_order_id"), table, ["order_id"])
    op.create_index(op.f("ix_service_case_status_service_case_due_on"), table, ["status", "due_on"])


def _case_line() -> None:
    table = "case_line"
    op.create_table(
        table,
        _key(),
        _key("case_id"),
        _key("line_id"),
        *_units("asked", "accepted", "received", "held"),
        sa.Column("new_line_id", sa.Uuid(), nullable=True),
        *_checks(
            table,
            [
                ("asked_positive", "asked > 0"),
                ("accepted_within", "accepted >= 0 AND accepted <= asked"),
                ("received_within", "received >= 0 AND received <= accepted"),
                ("held_within", "held >= 0 AND held <= asked"),
            ],
        ),
        _to(table, "case_id", "service_case.id"),
        _to(table, "line_id", "order_line.id"),
        _to(table, "new_line_id", "order_line.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_line")),
        sa.UniqueConstraint("case_id", "line_id", name=op.f("uq_case_line_case_id_line_id")),
        sa.UniqueConstraint("new_line_id", name=op.f("uq_case_line_new_line_id")),
    )
    op.create_index(op.f("ix_case_line_line_id"), table, ["line_id"])


def _what_comes_with_it() -> None:
    op.create_table(
        "case_goods",
        _serial(),
        _key("case_line_id"),
        sa.Column("lot_id", sa.Uuid(), nullable=True),
        *_words("condition"),
        sa.Column("place_id", sa.Uuid(), nullable=True),
        *_units("quantity"),
        _time("at"),
        *_checks("case_goods", [("quantity_positive", "quantity > 0")]),
        _to("case_goods", "case_line_id", "case_line.id"),
        _to("case_goods", "lot_id", "lot.id"),
        _to("case_goods", "place_id", "place.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_goods")),
    )
    op.create_index(op.f("ix_case_goods_case_line_id"), "case_goods", ["case_line_id"])
    op.create_index(op.f("ix_case_goods_lot_id"), "case_goods", ["lot_id"])
    op.create_table(
        "case_event",
        _serial(),
        _key("case_id"),
        _time("at"),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("by_buyer", sa.Boolean(), nullable=False),
        *_words("status"),
        _text("text", optional=True),
        _to("case_event", "case_id", "service_case.id"),
        _to("case_event", "actor_id", "user_account.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_event")),
    )
    op.create_index(op.f("ix_case_event_case_id"), "case_event", ["case_id"])
    op.create_table(
        "case_photo",
        _key(),
        _key("case_id"),
        _text("sha256"),
        _text("media_type"),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("width", "height")),
        _time("at"),
        _to("case_photo", "case_id", "service_case.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_photo")),
        sa.UniqueConstraint("case_id", "sha256", name=op.f("uq_case_photo_case_id_sha256")),
    )


def _guard() -> None:
    """The database itself refuses to change what was said and what came back."""
    for table in APPEND_ONLY:
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
    for table in ("line_claim", "case_photo", "case_event", "case_goods", "case_line"):
        op.drop_table(table)
    op.drop_table("service_case")
