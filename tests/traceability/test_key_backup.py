import json
import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.config import _stamp_keys
from traceability import key_backup
from traceability.key_backup import BadBackup, WeakPassphrase

CHEAP = 2**4
WORDS = "nhãn lồng phố hiến 1831"
KEYS = {1: bytes(range(32)), 7: bytes(32)}
SEALED = key_backup.seal(KEYS, WORDS, os.urandom, cost=CHEAP)


@settings(max_examples=30, deadline=None)
@given(
    st.dictionaries(st.integers(1, 9999), st.binary(min_size=32, max_size=32), min_size=1),
    st.text(st.characters(codec="utf-8"), min_size=12),
)
def test_what_was_sealed_comes_back(keys: dict[int, bytes], passphrase: str) -> None:
    sealed = key_backup.seal(keys, passphrase, os.urandom, cost=CHEAP)
    assert key_backup.unseal(sealed, passphrase) == keys


def test_the_file_tells_nothing_of_the_keys_and_differs_each_time() -> None:
    assert KEYS[1].hex().encode() not in SEALED
    assert key_backup.seal(KEYS, WORDS, os.urandom, cost=CHEAP) != SEALED


@pytest.mark.parametrize("passphrase", ["", "nhãn lồng phố hiến 1832", WORDS.upper()])
def test_another_passphrase_does_not_open_it(passphrase: str) -> None:
    with pytest.raises(BadBackup, match="wrong"):
        key_backup.unseal(SEALED, passphrase)


@pytest.mark.parametrize("name", ["cost", "salt", "nonce", "sealed"])
def test_a_changed_file_does_not_open(name: str) -> None:
    whole = json.loads(SEALED)
    other = json.loads(key_backup.seal(KEYS, WORDS, os.urandom, cost=CHEAP * 2))
    with pytest.raises(BadBackup):
        key_backup.unseal(json.dumps(whole | {name: other[name]}).encode(), WORDS)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"[]",
        b"\xff",
        b"nonsense",
        SEALED.replace(b"keys 1", b"keys 2"),
        SEALED.replace(b'"cost": 16', b'"cost": 1099511627776'),
        SEALED.replace(b'"cost": 16', b'"cost": "16"'),
    ],
)
def test_other_files_are_no_backup(data: bytes) -> None:
    with pytest.raises(BadBackup, match="not a backup"):
        key_backup.unseal(data, WORDS)


def test_a_short_passphrase_is_refused() -> None:
    with pytest.raises(WeakPassphrase):
        key_backup.seal(KEYS, "short", os.urandom)


def test_the_settings_read_what_a_backup_gives() -> None:
    assert _stamp_keys({"PHOHIEN_STAMP_KEYS": key_backup.setting(KEYS)}, "production") == KEYS
