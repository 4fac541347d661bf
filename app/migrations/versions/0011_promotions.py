"""Promotions with append-only terms, codes, and uses with what each bearer gave away."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TERMS_CHECKS = {
    "permille_part": "permille IS NULL OR permille BETWEEN 1 AND 1000",
    "amount_positive": "amount IS NULL OR amount > 0",
    "cap_positive": "cap IS NULL OR cap > 0",
    "minimum_not_negative": "minimum >= 0",
    "ends_after_start": "ends_at IS NULL OR ends_at > starts_at",
    "most_positive": "most IS NULL OR most > 0",
    "most_each_positive": "most_each IS NULL OR most_each > 0",
}


def upgrade() -> None:
    _promotion()
    _terms()
    _voucher()
    _redemption()
    _keep_terms()


def _promotion() -> None:
    op.create_table(
        "promotion",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("by_code", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        _time("created_at"),
        _time("ended_at", nullable=True),
        sa.Column("ended_reason", sa.Text(), nullable=True),
        sa.CheckConstraint("used >= 0", name=op.f("ck_promotion_used_not_negative")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promotion")),
    )


def _terms() -> None:
    op.create_table(
        "promotion_terms",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("promotion_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name_vi", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=True),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("permille", sa.Integer(), nullable=True),
        *(sa.Column(name, sa.BigInteger(), nullable=True) for name in ("amount", "cap")),
        *(sa.Column(name, sa.BigInteger(), nullable=True) for name in ("buy", "get")),
        sa.Column("reach", JSON, nullable=False),
        sa.Column("gift", JSON, nullable=True),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("minimum", sa.BigInteger(), nullable=False),
        _time("starts_at"),
        _time("ends_at", nullable=True),
        sa.Column("most", sa.Integer(), nullable=True),
        sa.Column("most_each", sa.Integer(), nullable=True),
        sa.Column("alone", sa.Boolean(), nullable=False),
        sa.Column("bearers", JSON, nullable=False),
        _time("set_at"),
        sa.Column("set_by", sa.Uuid(), nullable=True),
        *(
            sa.CheckConstraint(rule, name=op.f(f"ck_promotion_terms_{name}"))
            for name, rule in TERMS_CHECKS.items()
        ),
        _key("promotion_terms", "promotion_id", "promotion"),
        _key("promotion_terms", "set_by", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promotion_terms")),
        sa.UniqueConstraint(
            "promotion_id", "version", name=op.f("uq_promotion_terms_promotion_id_version")
        ),
    )
    _index("promotion_terms", "starts_at", "ends_at")


def _voucher() -> None:
    op.create_table(
        "voucher",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("promotion_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("most", sa.Integer(), nullable=True),
        sa.Column("used", sa.Integer(), nullable=False),
        _time("created_at"),
        sa.CheckConstraint(
            "used >= 0 AND (most IS NULL OR used <= most)", name=op.f("ck_voucher_used_within")
        ),
        _key("voucher", "promotion_id", "promotion"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voucher")),
        sa.UniqueConstraint("code", name=op.f("uq_voucher_code")),
    )
    _index("voucher", "promotion_id")


def _redemption() -> None:
    op.create_table(
        "redemption",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("promotion_id", sa.Uuid(), nullable=False),
        sa.Column("terms_id", sa.Uuid(), nullable=False),
        sa.Column("voucher_id", sa.Uuid(), nullable=True),
        sa.Column("reference", sa.Text(), nullable=False),
        _time("at"),
        _time("given_back_at", nullable=True),
        _key("redemption", "promotion_id", "promotion"),
        _key("redemption", "terms_id", "promotion_terms"),
        _key("redemption", "voucher_id", "voucher"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_redemption")),
        sa.UniqueConstraint(
            "reference", "promotion_id", name=op.f("uq_redemption_reference_promotion_id")
        ),
    )
    _index("redemption", "promotion_id", "at")
    _index("redemption", "voucher_id")
    op.create_table(
        "redemption_share",
        sa.Column("id", SERIAL, autoincrement=True, nullable=False),
        sa.Column("redemption_id", sa.Uuid(), nullable=False),
        sa.Column("bearer", sa.String(32), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_redemption_share_amount_positive")),
        _key("redemption_share", "redemption_id", "redemption"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_redemption_share")),
        sa.UniqueConstraint(
            "redemption_id", "bearer", name=op.f("uq_redemption_share_redemption_id_bearer")
        ),
    )
    op.create_table(
        "promotion_person_use",
        sa.Column("id", SERIAL, autoincrement=True, nullable=False),
        sa.Column("promotion_id", sa.Uuid(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("nth", sa.Integer(), nullable=False),
        sa.Column("redemption_id", sa.Uuid(), nullable=False),
        _key("promotion_person_use", "promotion_id", "promotion"),
        _key("promotion_person_use", "redemption_id", "redemption"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promotion_person_use")),
        sa.UniqueConstraint(
            "promotion_id",
            "person",
            "nth",
            name=op.f("uq_promotion_person_use_promotion_id_person_nth"),
        ),
    )
    _index("promotion_person_use", "redemption_id")


def _keep_terms() -> None:
    """What a promotion promised stays as it was promised."""
    if op.get_bind().dialect.name == "sqlite":
        for event in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER promotion_terms_no_{event.lower()} BEFORE {event} "
                "ON promotion_terms BEGIN SELECT RAISE(ABORT, 'promotion_terms is append-only'); END"
            )
        return
    op.execute(
        "CREATE TRIGGER promotion_terms_append_only BEFORE UPDATE OR DELETE ON promotion_terms "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )


def _time(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _key(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"))


def _index(table: str, *columns: str) -> None:
    label = "_".join(f"{table}_{column}" for column in columns)
    op.create_index(op.f(f"ix_{label}"), table, list(columns), unique=False)


def downgrade() -> None:
    for table in (
        "promotion_person_use",
        "redemption_share",
        "redemption",
        "voucher",
        "promotion_terms",
        "promotion",
    ):
        op.drop_table(table)
