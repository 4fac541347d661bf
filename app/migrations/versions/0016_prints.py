"""Print runs of stamps: what was asked for, how far it is. Codes to scratch free."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0016"
down_revision = "0015"

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def _key(name: str = "id", *, optional: bool = False) -> sa.Column:
    return sa.Column(name, sa.Uuid(), nullable=optional)


def _text(name: str, *, optional: bool = False) -> sa.Column:
    return sa.Column(name, sa.Text(), nullable=optional)


def _time(name: str, *, optional: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=optional)


def _whole(name: str) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=False)


def _choice(name: str, *values: str) -> sa.Column:
    return sa.Column(name, sa.Enum(*values, native_enum=False, length=32), nullable=False)


def _to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{table}_{column}"))


def _check(table: str, name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))


def upgrade() -> None:
    _batch()
    _run()
    _layout()
    _pin()


def _batch() -> None:
    op.add_column(
        "stamp_batch",
        sa.Column("has_pin", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column("stamp_batch", _text("key_check", optional=True))


def _run() -> None:
    op.create_table(
        "print_run",
        _key(),
        _key("batch_id"),
        _choice("kind", "pdf", "csv", "xlsx"),
        sa.Column("layout", JSON, nullable=False),
        sa.Column("paths", sa.Boolean(), nullable=False),
        _text("head"),
        _whole("first"),
        _whole("count"),
        _choice("state", "queued", "running", "done", "cancelled", "failed"),
        _whole("done"),
        _text("error", optional=True),
        _text("file", optional=True),
        sa.Column("bytes", sa.BigInteger(), nullable=True),
        _text("sha256", optional=True),
        sa.Column("printed_on", sa.Date(), nullable=False),
        _time("created_at"),
        _key("created_by", optional=True),
        _time("beat_at", optional=True),
        _time("finished_at", optional=True),
        _time("removed_at", optional=True),
        _to("print_run", "batch_id", "stamp_batch.id"),
        _to("print_run", "created_by", "user_account.id"),
        _check("print_run", "numbers", "first >= 0 AND count > 0"),
        _check("print_run", "done_in_range", "done BETWEEN 0 AND count"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_print_run")),
    )
    op.create_index(op.f("ix_print_run_batch_id"), "print_run", ["batch_id"])


def _layout() -> None:
    op.create_table(
        "print_layout",
        _key(),
        _text("name"),
        sa.Column("data", JSON, nullable=False),
        _time("created_at"),
        _key("created_by", optional=True),
        _to("print_layout", "created_by", "user_account.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_print_layout")),
    )
    op.create_index(op.f("ix_print_layout_name"), "print_layout", ["name"])


def _pin() -> None:
    op.create_table(
        "pin_try",
        _key("batch_id"),
        _whole("number"),
        _whole("tries"),
        _time("last_at", optional=True),
        _time("passed_at", optional=True),
        _to("pin_try", "batch_id", "stamp_batch.id"),
        _check("pin_try", "few_tries", "tries BETWEEN 0 AND 5"),
        sa.PrimaryKeyConstraint("batch_id", "number", name=op.f("pk_pin_try")),
    )


def downgrade() -> None:
    op.drop_table("pin_try")
    op.drop_index(op.f("ix_print_layout_name"), table_name="print_layout")
    op.drop_table("print_layout")
    op.drop_index(op.f("ix_print_run_batch_id"), table_name="print_run")
    op.drop_table("print_run")
    with op.batch_alter_table("stamp_batch") as batch:
        batch.drop_column("key_check")
        batch.drop_column("has_pin")
