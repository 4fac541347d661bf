"""Accounts that people open themselves: register, prove the address, reset, change, close."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts import audit, consents, sign_in, tokens, users
from app.accounts.access import EVERYWHERE
from app.accounts.models import ConsentPurpose, Role, TokenPurpose, User
from app.core.clock import local_day
from app.core.codes import Randomness
from app.core.errors import Conflict, Rejected
from app.core.outbox import enqueue
from app.core.text import N_, search_text

# Not a hash, so no password ever fits.
NO_PASSWORD = "!"  # noqa: S105  # nosec B105
NO_NAME = "—"


class SameEmail(Rejected):
    """The new address is the present one."""

    code = "same_email"
    message = N_("This is the address of your account already.")


class WorkAccount(Conflict):
    """An account with work attached is closed by the programme office."""

    code = "work_account"
    message = N_("This account is used for work. Ask the programme office to close it.")


@dataclass(frozen=True)
class Letters:
    """How links are made and in which language their messages are written."""

    language: str
    secret: str
    randomness: Randomness


@dataclass(frozen=True)
class Joining:
    """What someone enters to open an account. `news` is a consent of its own."""

    email: str
    name: str
    phone: str | None
    password_hash: str
    news: bool


def register(session: Session, wish: Joining, letters: Letters, *, now: datetime) -> None:
    """Open a customer's account, or tell the holder of a known address by e-mail.

    Both look the same from outside, so that nobody learns who has an account. Raises `BadEmail`.
    """
    address = users.normal_email(wish.email)
    user = _opened(session, wish, address, now)
    if user is None:
        _tell_holder(session, address, letters, now)
        return
    day = local_day(now)
    users.grant(session, user, Role.CUSTOMER, EVERYWHERE, day=day, now=now, actor_id=user.id)
    if wish.news:
        consents.change(session, user.id, {ConsentPurpose.NEWS}, now=now)
    send_verification(session, user, letters, now=now)


def _opened(session: Session, wish: Joining, address: str, now: datetime) -> User | None:
    """The new account; None when the address has one, even one that is opened this moment."""
    try:
        with session.begin_nested():
            return users.create(
                session,
                email=address,
                name=wish.name,
                phone=wish.phone,
                password_hash=wish.password_hash,
                now=now,
                actor_id=None,
            )
    except (users.EmailTaken, IntegrityError):
        return None


def _tell_holder(session: Session, address: str, letters: Letters, now: datetime) -> None:
    holder = sign_in.find(session, address)
    if holder is not None and holder.active:
        payload = {"user_id": str(holder.id), "at": now.isoformat(), "language": letters.language}
        enqueue(session, "already_registered", payload, now=now)


def send_verification(session: Session, user: User, letters: Letters, *, now: datetime) -> None:
    """Send a link that proves the address of the account."""
    _send(session, user, TokenPurpose.VERIFY, user.email, letters, now)


def ask_new_email(
    session: Session, user: User, email: str, letters: Letters, *, now: datetime
) -> None:
    """Send a link to the new address; the account keeps the old one until it is followed.

    The holder of a known address is told instead. Raises `BadEmail`, `SameEmail`.
    """
    address = users.normal_email(email)
    if address == user.email:
        raise SameEmail
    if sign_in.find(session, address):
        _tell_holder(session, address, letters, now)
    else:
        _send(session, user, TokenPurpose.NEW_EMAIL, address, letters, now)


def confirm(session: Session, token: str, *, now: datetime, language: str = "vi") -> User:
    """The address of the link is right: it is the account's from now on.

    A former address is told in `language` that the account has left it.

    Raises `DeadLink`, and `EmailTaken` when somebody opened an account with it meanwhile.
    """
    row = tokens.use(session, token, TokenPurpose.VERIFY, TokenPurpose.NEW_EMAIL, now=now)
    user = users.get(session, row.user_id)
    is_new = row.purpose is TokenPurpose.NEW_EMAIL
    if not user.active or not (is_new or row.email == user.email):
        raise tokens.DeadLink
    if is_new:
        _move_to(session, user, row.email, now, language)
    user.email_verified_at = now
    return user


def _move_to(session: Session, user: User, address: str, now: datetime, language: str) -> None:
    if session.scalar(select(User.id).filter_by(email=address)):
        raise users.EmailTaken
    # Its holder may be the only one to notice that somebody else has taken the account over.
    payload = {"to": user.email, "at": now.isoformat(), "language": language}
    enqueue(session, "email_changed", payload, now=now)
    user.email = address
    user.search_text = search_text(user.name, address, user.phone)
    session.flush()
    audit.record(session, "user.email", ("user", user.id), actor_id=user.id, now=now)


def ask_reset(session: Session, email: str, letters: Letters, *, now: datetime) -> None:
    """Send a link for a new password if there is such an account; from outside it looks the same."""
    user = sign_in.find(session, email)
    if user is not None and user.active:
        _send(session, user, TokenPurpose.RESET, user.email, letters, now)


def reset(session: Session, token: str, password_hash: str, *, now: datetime) -> None:
    """Replace the password by the link and sign out every browser. Raises `DeadLink`."""
    row = tokens.use(session, token, TokenPurpose.RESET, now=now)
    user = users.get(session, row.user_id)
    if not user.active or row.email != user.email:
        raise tokens.DeadLink
    # Who can read the message owns the address.
    user.email_verified_at = user.email_verified_at or now
    users.set_password(session, user, password_hash, now=now, actor_id=user.id)


def _send(
    session: Session,
    user: User,
    purpose: TokenPurpose,
    email: str,
    letters: Letters,
    now: datetime,
) -> None:
    row = tokens.issue(
        session,
        user,
        purpose,
        email,
        secret=letters.secret,
        now=now,
        randomness=letters.randomness,
    )
    name = "reset_password" if purpose is TokenPurpose.RESET else "verify_email"
    enqueue(session, name, {"token_id": str(row.id), "language": letters.language}, now=now)


def revise(session: Session, user: User, *, name: str, phone: str | None, now: datetime) -> None:
    """Change the own name and phone. The trail says that, not what they were: it is never erased."""
    before = {"name": user.name, "phone": user.phone}
    changed = [key for key, value in {"name": name, "phone": phone}.items() if before[key] != value]
    if not changed:
        return
    user.name, user.phone = name, phone
    user.search_text = search_text(name, user.email, phone)
    obj, detail = ("user", user.id), {"fields": changed}
    audit.record(session, "user.revise", obj, actor_id=user.id, now=now, detail=detail)


def anonymise(session: Session, user: User, *, now: datetime) -> None:
    """Close the account for good and take the person out of it; its key stays for the orders.

    Raises `WorkAccount`.
    """
    last_day = local_day(now) - timedelta(days=1)
    held = [g for g in user.grants if g.valid_to is None or g.valid_to > last_day]
    if any(given.role is not Role.CUSTOMER for given in held):
        raise WorkAccount
    consents.change(session, user.id, (), now=now)
    sign_in.end_all(session, user.id, now)
    tokens.forget(session, user)
    for given in held:
        users.end_grant(session, given, last_day=last_day, now=now, actor_id=user.id)
    user.email, user.name, user.phone = f"{user.id}@deleted.invalid", NO_NAME, None
    user.password_hash, user.search_text, user.active = NO_PASSWORD, "", False
    user.email_verified_at = None
    session.flush()
    audit.record(session, "user.anonymise", ("user", user.id), actor_id=user.id, now=now)
