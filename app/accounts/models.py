"""Users, what they may do and where, their sessions, and the audit trail."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Model
from app.core.enums import LabelledEnum
from app.core.text import N_
from app.core.types import Json, Pk, SerialPk


class Role(LabelledEnum):
    """What a person is in the programme; a grant adds where."""

    OFFICER = "officer", N_("Programme officer")
    PRODUCER = "producer", N_("Producer")
    POINT_MANAGER = "point_manager", N_("Point manager")
    CASHIER = "cashier", N_("Cashier")
    STOCK_KEEPER = "stock_keeper", N_("Stock keeper")
    CUSTOMER = "customer", N_("Customer")


class User(Model):
    """A person who can sign in with an e-mail address and a password."""

    __tablename__ = "user_account"

    id: Mapped[Pk]
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    phone: Mapped[str | None]
    password_hash: Mapped[str]
    search_text: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    email_verified_at: Mapped[datetime | None]
    grants: Mapped[list["Grant"]] = relationship(lazy="selectin", order_by="Grant.valid_from")


class Grant(Model):
    """A role of a user within a scope, for a time.

    `scope` is `*` or `<kind>:<key>`, such as `place:<uuid>` or `producer:<uuid>`; it is text because
    this layer does not know what places and producers are.
    """

    __tablename__ = "user_grant"
    __table_args__ = (UniqueConstraint("user_id", "role", "scope", "valid_from"),)

    id: Mapped[Pk]
    user_id: Mapped[UUID] = mapped_column(ForeignKey(User.id), index=True)
    role: Mapped[Role]
    scope: Mapped[str]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class UserSession(Model):
    """One sign-in on one browser; revoking the row signs that browser out."""

    __tablename__ = "user_session"

    id: Mapped[Pk]
    user_id: Mapped[UUID] = mapped_column(ForeignKey(User.id), index=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class SignInFailure(Model):
    """A failed sign-in; counted to slow down guessing, then deleted. No plain address is kept."""

    __tablename__ = "sign_in_failure"
    __table_args__ = (Index(None, "subject", "at"),)

    id: Mapped[SerialPk]
    subject: Mapped[str]
    at: Mapped[datetime]


class AuditEntry(Model):
    """Who changed what; append-only. `actor_id` is empty for jobs and commands."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index(None, "object_type", "object_id"),
        CheckConstraint("action <> ''", name="action_named"),
    )

    id: Mapped[SerialPk]
    at: Mapped[datetime]
    actor_id: Mapped[UUID | None] = mapped_column(ForeignKey(User.id))
    action: Mapped[str]
    object_type: Mapped[str]
    object_id: Mapped[str]
    detail: Mapped[Json]


class TokenPurpose(LabelledEnum):
    """What a link sent by e-mail is good for."""

    VERIFY = "verify", N_("Confirm the e-mail address")
    NEW_EMAIL = "new_email", N_("Change the e-mail address")
    RESET = "reset", N_("Set a new password")


class AccountToken(Model):
    """A link sent to `email`, for one purpose and one use; only its hash is kept."""

    __tablename__ = "account_token"

    id: Mapped[Pk]
    user_id: Mapped[UUID] = mapped_column(ForeignKey(User.id), index=True)
    purpose: Mapped[TokenPurpose]
    token_hash: Mapped[str] = mapped_column(unique=True)
    email: Mapped[str]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class ConsentPurpose(LabelledEnum):
    """What personal data may be used for besides the orders; asked for one by one."""

    NEWS = "news", N_("News of the shop and its producers by e-mail")
    PERSONAL_OFFERS = "personal_offers", N_("Offers chosen by what I have bought")


class Consent(Model):
    """A consent given or withdrawn; append-only, the newest row of a purpose counts.

    `text_version` names the wording that the person was shown.
    """

    __tablename__ = "consent"
    __table_args__ = (
        Index(None, "user_id", "purpose"),
        CheckConstraint("(given_at IS NULL) <> (withdrawn_at IS NULL)", name="one_of_both"),
    )

    id: Mapped[SerialPk]
    user_id: Mapped[UUID] = mapped_column(ForeignKey(User.id))
    purpose: Mapped[ConsentPurpose]
    given_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    text_version: Mapped[str]
