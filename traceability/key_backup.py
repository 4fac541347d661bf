"""Master keys of serials in a file that only a passphrase opens.

Whoever loses the master keys cannot tell untouched stamps from forged ones any more, so they are
kept in a second place, like the database. scrypt makes each guess of the passphrase dear (RFC 7914);
AES-256-GCM shows whether the file or its parameters were touched.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

FORMAT = "phohien stamp keys 1"
KEY_BYTES = 32
SHORTEST_PASSPHRASE = 12
COST = 2**17  # 128 MB and about half a second for each guess
_MOST_COST = 2**20

Keys = Mapping[int, bytes]


class BadBackup(ValueError):
    """The file is not a backup, was changed, or the passphrase is another one."""

    code = "bad_key_backup"


class WeakPassphrase(ValueError):
    """A passphrase of fewer than twelve characters."""

    code = "weak_passphrase"


def new_key(randomness: Callable[[int], bytes]) -> bytes:
    """A master key from `randomness(count of bytes)`, such as `secrets.token_bytes`."""
    return randomness(KEY_BYTES)


def entry(epoch: int, key: bytes) -> str:
    """A key as it stands in the settings."""
    return f"{epoch}:{key.hex()}"


def setting(keys: Keys) -> str:
    """All keys as they stand in the settings."""
    return ",".join(entry(epoch, key) for epoch, key in sorted(keys.items()))


def seal(
    keys: Keys, passphrase: str, randomness: Callable[[int], bytes], *, cost: int = COST
) -> bytes:
    """The file. Raises `WeakPassphrase`."""
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise WeakPassphrase(f"a passphrase has at least {SHORTEST_PASSPHRASE} characters")
    salt, nonce = randomness(16), randomness(12)
    head: dict[str, Any] = {"format": FORMAT, "cost": cost, "salt": _text(salt)}
    plain = setting(keys).encode("ascii")
    sealed = AESGCM(_derived(passphrase, salt, cost)).encrypt(nonce, plain, _bound(head))
    whole = head | {"nonce": _text(nonce), "sealed": _text(sealed)}
    return json.dumps(whole, indent=1).encode("ascii") + b"\n"


def unseal(data: bytes, passphrase: str) -> dict[int, bytes]:
    """The keys. Raises `BadBackup`."""
    try:
        whole = json.loads(data)
        head = {name: whole[name] for name in ("format", "cost", "salt")}
        nonce, sealed = b64decode(whole["nonce"]), b64decode(whole["sealed"])
        salt, cost = b64decode(head["salt"]), head["cost"]
    except (ValueError, KeyError, TypeError) as error:
        raise BadBackup("this file is not a backup of stamp keys") from error
    if head["format"] != FORMAT or not _sane(cost):
        raise BadBackup("this file is not a backup of stamp keys")
    try:
        plain = AESGCM(_derived(passphrase, salt, cost)).decrypt(nonce, sealed, _bound(head))
    except (InvalidTag, ValueError) as error:
        raise BadBackup("the passphrase is wrong, or the file was changed") from error
    entries = (part.split(":") for part in plain.decode("ascii").split(","))
    return {int(epoch): bytes.fromhex(key) for epoch, key in entries}


def _sane(cost: object) -> bool:
    """A changed file must not have us fill the memory."""
    return isinstance(cost, int) and 2 <= cost <= _MOST_COST and cost & (cost - 1) == 0


def _derived(passphrase: str, salt: bytes, cost: int) -> bytes:
    return Scrypt(salt=salt, length=32, n=cost, r=8, p=1).derive(passphrase.encode())


def _bound(head: Mapping[str, Any]) -> bytes:
    return json.dumps(head, sort_keys=True).encode("ascii")


def _text(data: bytes) -> str:
    return b64encode(data).decode("ascii")
