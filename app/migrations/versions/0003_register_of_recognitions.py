"""Register of recognitions."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "reminder",
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("subject", "days", name=op.f("pk_reminder")),
    )
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.add_column(sa.Column("proves", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("sha256", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("media_type", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("file_name", sa.Text(), nullable=True))
        batch_op.create_index(batch_op.f("ix_evidence_sha256"), ["sha256"], unique=False)

    with op.batch_alter_table("recognition", schema=None) as batch_op:
        batch_op.add_column(sa.Column("score", sa.Numeric(precision=5, scale=2), nullable=True))
        batch_op.add_column(
            sa.Column("potential_five", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.add_column(sa.Column("renewal_filed_on", sa.Date(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("recognition", schema=None) as batch_op:
        batch_op.drop_column("renewal_filed_on")
        batch_op.drop_column("potential_five")
        batch_op.drop_column("score")

    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_evidence_sha256"))
        batch_op.drop_column("file_name")
        batch_op.drop_column("media_type")
        batch_op.drop_column("sha256")
        batch_op.drop_column("proves")

    op.drop_table("reminder")
