"""Password hashes (argon2id). Slow on purpose, so never called inside a transaction."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.core.errors import Rejected
from app.core.text import N_

MIN_LENGTH = 10
MAX_LENGTH = 200

_hasher = PasswordHasher()


class WeakPassword(Rejected):
    """The password is too short or too long."""

    code = "weak_password"
    message = N_("The password must have %(least)s to %(most)s characters.")


def hash_password(password: str) -> str:
    """Hash for storing; raises `WeakPassword` outside 10 to 200 characters."""
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
        raise WeakPassword(least=MIN_LENGTH, most=MAX_LENGTH)
    return _hasher.hash(password)


def verify(stored: str | None, password: str) -> bool:
    """Whether the password fits. Without a stored hash it takes the same time and says no."""
    if len(password) > MAX_LENGTH:
        return False
    try:
        _hasher.verify(stored or _absent_hash(), password)
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


_absent: list[str] = []


def _absent_hash() -> str:
    # Made once: an unknown address must not answer faster than a wrong password.
    if not _absent:
        _absent.append(_hasher.hash("nobody has this password"))
    return _absent[0]
