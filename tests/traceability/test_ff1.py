"""FF1 against the sample vectors NIST publishes with SP 800-38G."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from traceability.ff1 import FF1, BadNumeral, TwinFF1
from traceability.ff1_bulk import CHUNK, BulkFF1

KEY_128 = "2B7E151628AED2A6ABF7158809CF4F3C"
KEY_192 = KEY_128 + "EF4359D8D580AA4F"
KEY_256 = KEY_192 + "7F036D6F04FC6A94"
TENS_TWEAK = "39383736353433323130"
LETTERS_TWEAK = "3737373770717273373737"
TENS, LETTERS = "0123456789", "0123456789abcdefghi"
SIGNS = "0123456789abcdefghijklmnopqrstuvwxyz"

NIST_SAMPLES = [
    (KEY_128, "", 10, TENS, "2433477484"),
    (KEY_128, TENS_TWEAK, 10, TENS, "6124200773"),
    (KEY_128, LETTERS_TWEAK, 36, LETTERS, "a9tv40mll9kdu509eum"),
    (KEY_192, "", 10, TENS, "2830668132"),
    (KEY_192, TENS_TWEAK, 10, TENS, "2496655549"),
    (KEY_192, LETTERS_TWEAK, 36, LETTERS, "xbj3kv35jrawxv32ysr"),
    (KEY_256, "", 10, TENS, "6657667009"),
    (KEY_256, TENS_TWEAK, 10, TENS, "1001623463"),
    (KEY_256, LETTERS_TWEAK, 36, LETTERS, "xs8a0azh2avyalyzuwd"),
]


def digits(text: str) -> list[int]:
    return [SIGNS.index(sign) for sign in text]


@pytest.mark.parametrize(("key", "tweak", "radix", "plain", "enciphered"), NIST_SAMPLES)
def test_nist_samples_come_out(
    key: str, tweak: str, radix: int, plain: str, enciphered: str
) -> None:
    cipher = FF1(bytes.fromhex(key), bytes.fromhex(tweak), radix)
    assert cipher.encrypt(digits(plain)) == digits(enciphered)
    assert cipher.decrypt(digits(enciphered)) == digits(plain)


@given(
    radix=st.integers(2, 36),
    length=st.integers(20, 60),
    key=st.binary(min_size=16, max_size=16),
    tweak=st.binary(max_size=40),
    data=st.data(),
)
def test_deciphering_gives_back_what_was_enciphered(
    radix: int, length: int, key: bytes, tweak: bytes, data: st.DataObject
) -> None:
    plain = data.draw(st.lists(st.integers(0, radix - 1), min_size=length, max_size=length))
    cipher = FF1(key, tweak, radix)
    assert cipher.decrypt(cipher.encrypt(plain)) == plain


@given(
    numbers=st.lists(st.integers(0, 2**60 - 1), max_size=20),
    key=st.binary(min_size=32, max_size=32),
    tweak=st.binary(max_size=40),
)
def test_many_at_a_time_equals_one_at_a_time(numbers: list[int], key: bytes, tweak: bytes) -> None:
    twin, one = TwinFF1(key, tweak, 32, 12), FF1(key, tweak, 32)
    places = range(55, -1, -5)
    expected = [one.encrypt([number >> place & 31 for place in places]) for number in numbers]
    enciphered = twin.encrypt(numbers)
    assert [[number >> place & 31 for place in places] for number in enciphered] == expected
    assert twin.decrypt(enciphered) == numbers


def test_the_tweak_changes_the_outcome() -> None:
    plain, key = digits(TENS), bytes.fromhex(KEY_128)
    assert FF1(key, b"one", 10).encrypt(plain) != FF1(key, b"two", 10).encrypt(plain)


@pytest.mark.parametrize("plain", [[1, 2, 3], [0] * 5, [0] * 9 + [10], [0] * 9 + [-1]])
def test_too_few_or_foreign_digits_are_refused(plain: list[int]) -> None:
    cipher = FF1(bytes(16), b"", 10)
    with pytest.raises(BadNumeral):
        cipher.encrypt(plain)
    with pytest.raises(BadNumeral):
        cipher.decrypt(plain)


@pytest.mark.parametrize(("radix", "tweak"), [(1, b""), (37, b""), (10, bytes(1025))])
def test_a_radix_or_tweak_out_of_bounds_is_refused(radix: int, tweak: bytes) -> None:
    with pytest.raises(BadNumeral):
        FF1(bytes(16), tweak, radix)


@pytest.mark.parametrize(("radix", "length"), [(10, 12), (32, 11), (32, 8), (32, 14)])
def test_twins_need_equal_halves_of_four_bytes(radix: int, length: int) -> None:
    with pytest.raises(BadNumeral):
        TwinFF1(bytes(16), b"", radix, length)


@given(
    numbers=st.lists(st.integers(0, 2**60 - 1), max_size=30),
    key=st.binary(min_size=32, max_size=32),
    tweak=st.binary(max_size=40),
)
def test_arrays_equal_the_plain_form(numbers: list[int], key: bytes, tweak: bytes) -> None:
    bulk = BulkFF1(key, tweak, 32, 12)
    enciphered = bulk.encrypt_array(np.array(numbers, dtype=np.uint64))
    assert enciphered.tolist() == bulk.encrypt(numbers)
    assert bulk.decrypt_array(enciphered).tolist() == numbers


@pytest.mark.parametrize("count", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK + 7])
def test_arrays_of_any_length_come_back(count: int) -> None:
    bulk = BulkFF1(bytes(32), b"tweak", 32, 12)
    numbers = np.arange(count, dtype=np.uint64) << np.uint64(36)
    enciphered = bulk.encrypt_array(numbers)
    assert len(set(enciphered.tolist())) == count
    assert (bulk.decrypt_array(enciphered) == numbers).all()
    assert enciphered[-3:].tolist() == bulk.encrypt(numbers[-3:].tolist())
