"""Links that staff add to those the resolver works out by itself."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.accounts.models import User
from app.core.db import Model
from app.core.types import Pk

OPEN_DEFAULT = text("is_default AND ended_at IS NULL")


class ResolverLink(Model):
    """One link of an entity: `anchor` is its path, such as `/01/09520000000011/10/L1`.

    Nothing in it is ever changed: a link ends and another begins. Of the open ones at most one is
    the default. `link_type` is a name in GS1's vocabulary, without its prefix.
    """

    __tablename__ = "resolver_link"
    __table_args__ = (
        Index(None, "anchor"),
        Index(
            "uq_resolver_link_default",
            "anchor",
            unique=True,
            sqlite_where=OPEN_DEFAULT,
            postgresql_where=OPEN_DEFAULT,
        ),
        CheckConstraint("href LIKE 'https://%'", name="href_https"),
    )

    id: Mapped[Pk]
    anchor: Mapped[str]
    link_type: Mapped[str]
    href: Mapped[str]
    title: Mapped[str]
    language: Mapped[str | None]
    media_type: Mapped[str | None]
    context: Mapped[str | None]
    is_default: Mapped[bool] = mapped_column(default=False)
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    created_at: Mapped[datetime]
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey(User.id))
    ended_at: Mapped[datetime | None]
