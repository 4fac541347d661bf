"""Packs that came back: the sale of their stamps is ended, not forgotten."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLE = "stamp_return"


def _text(name: str, *, optional: bool = False) -> sa.Column:
    return sa.Column(name, sa.Text(), nullable=optional)


def _time(name: str) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def _to(column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{TABLE}_{column}"))


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        _text("sold_reference"),
        _time("sold_at"),
        _text("sold_place", optional=True),
        _text("reference"),
        _text("place"),
        _time("at"),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        _to("batch_id", "stamp_batch.id"),
        _to("actor_id", "user_account.id"),
        sa.UniqueConstraint(
            "batch_id", "number", "reference", name=op.f(f"uq_{TABLE}_batch_id_number_reference")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
    )
    _guard()


def _guard() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE TRIGGER {TABLE}_append_only BEFORE UPDATE OR DELETE ON {TABLE} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        return
    for event in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {TABLE}_no_{event.lower()} BEFORE {event} ON {TABLE} "
            f"BEGIN SELECT RAISE(ABORT, '{TABLE} is append-only'); END"
        )


def downgrade() -> None:
    op.drop_table(TABLE)
