"""Links that the resolver knows besides those it works out; numbers of places and producers."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

NUMBERED = ("place", "producer")
OPEN_DEFAULT = sa.text("is_default AND ended_at IS NULL")


def upgrade() -> None:
    for table in NUMBERED:
        op.add_column(table, sa.Column("gln", sa.Text(), nullable=True))
        op.create_index(op.f(f"ix_{table}_gln"), table, ["gln"], unique=True)
    op.create_table(
        "resolver_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("anchor", "link_type")),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("href", "title")),
        *(sa.Column(name, sa.Text()) for name in ("language", "media_type", "context")),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("href LIKE 'https://%'", name=op.f("ck_resolver_link_href_https")),
        sa.ForeignKeyConstraint(
            ["created_by"], ["user_account.id"], name=op.f("fk_resolver_link_created_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resolver_link")),
    )
    op.create_index(op.f("ix_resolver_link_anchor"), "resolver_link", ["anchor"])
    op.create_index(
        "uq_resolver_link_default",
        "resolver_link",
        ["anchor"],
        unique=True,
        sqlite_where=OPEN_DEFAULT,
        postgresql_where=OPEN_DEFAULT,
    )


def downgrade() -> None:
    op.drop_table("resolver_link")
    for table in NUMBERED:
        op.drop_index(op.f(f"ix_{table}_gln"), table)
        op.drop_column(table, "gln")
