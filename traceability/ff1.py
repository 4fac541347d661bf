"""Format-preserving encryption FF1 (NIST SP 800-38G) over AES.

A list of digits in some radix is turned into another list of the same length and radix,
reversibly and unpredictably. `FF1` is the general cipher; `TwinFF1` is the same cipher for
numbers whose two halves are whole bits, many at a time.

FF1 alone proves nothing about where a number came from: whoever needs that puts redundancy
into the number first and looks for it after deciphering.
"""

import sys
from array import array
from collections.abc import Sequence

from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB

ROUNDS = 10
BLOCK = 16
SMALLEST_DOMAIN = 1_000_000  # SP 800-38G Rev. 1: fewer values can be guessed by trying
LONGEST_TWEAK = 1024


class BadNumeral(ValueError):
    """A digit outside the radix, or a number too short for the cipher to be safe."""

    code = "bad_numeral"


class FF1:
    """The cipher for one AES key (16, 24 or 32 bytes), tweak and radix (2 to 36).

    Source: NIST SP 800-38G, algorithms 7 (encrypt) and 8 (decrypt); step numbers below are its.
    """

    def __init__(self, key: bytes, tweak: bytes, radix: int) -> None:
        if not 2 <= radix <= 36:
            raise BadNumeral(f"radix {radix} is not between 2 and 36")
        if len(tweak) > LONGEST_TWEAK:
            raise BadNumeral(f"tweak of {len(tweak)} bytes is too long")
        self._cipher = _single_blocks(key)
        self._tweak = tweak
        self._radix = radix

    def encrypt(self, digits: Sequence[int]) -> list[int]:
        """The enciphered digits. Raises BadNumeral."""
        self._check(digits)
        u, v = _halves(len(digits))
        a, b = _number(digits[:u], self._radix), _number(digits[u:], self._radix)
        for i in range(ROUNDS):
            width = u if i % 2 == 0 else v
            a, b = b, (a + self._y(i, b, len(digits))) % self._radix**width
        return _digits(a, u, self._radix) + _digits(b, v, self._radix)

    def decrypt(self, digits: Sequence[int]) -> list[int]:
        """The inverse of `encrypt`. Raises BadNumeral."""
        self._check(digits)
        u, v = _halves(len(digits))
        a, b = _number(digits[:u], self._radix), _number(digits[u:], self._radix)
        for i in reversed(range(ROUNDS)):
            width = u if i % 2 == 0 else v
            a, b = (b - self._y(i, a, len(digits))) % self._radix**width, a
        return _digits(a, u, self._radix) + _digits(b, v, self._radix)

    def _check(self, digits: Sequence[int]) -> None:
        if self._radix ** len(digits) < SMALLEST_DOMAIN:
            raise BadNumeral(f"{len(digits)} digits of radix {self._radix} are too few")
        if not all(0 <= digit < self._radix for digit in digits):
            raise BadNumeral(f"a digit is outside radix {self._radix}")

    def _y(self, i: int, half: int, length: int) -> int:
        """Steps 6.i to 6.iv: the number that is added to the other half in round i."""
        aes = self._cipher.encryptor()
        b = _bytes_of_half(self._radix, length)
        fixed = _fixed_blocks(self._radix, length, self._tweak, b)
        r = _cbc_mac(aes, fixed + bytes([i]) + half.to_bytes(b, "big"))
        d = 4 * -(-b // 4) + 4
        stream = r
        for j in range(1, -(-d // BLOCK)):
            stream += aes.update(_xor(r, j.to_bytes(BLOCK, "big")))
        return int.from_bytes(stream[:d], "big")


class TwinFF1:
    """FF1 for an even count of digits of a radix that is a power of two, many numbers at a time.

    A number is then simply 2·`half_bits` bits, and within a round only the last block of the
    PRF differs from number to number: the earlier ones are computed once, and the last ones of
    all numbers go through AES in one call. Gives what `FF1` gives.
    """

    def __init__(self, key: bytes, tweak: bytes, radix: int, length: int) -> None:
        digit_bits = radix.bit_length() - 1
        self.half_bits = digit_bits * length // 2
        if radix != 1 << digit_bits or length % 2 or not 24 < self.half_bits <= 32:
            raise BadNumeral("halves must be equal and of 25 to 32 whole bits")
        self._mask = (1 << self.half_bits) - 1
        self._cipher = _single_blocks(key)
        fixed = _fixed_blocks(radix, length, tweak, 4)
        whole = len(fixed) // BLOCK * BLOCK
        state = _cbc_mac(self._cipher.encryptor(), fixed[:whole])
        self._last = [
            _words(_xor(state, fixed[whole:] + bytes([i]) + bytes(4))) for i in range(ROUNDS)
        ]

    def encrypt(self, numbers: Sequence[int]) -> list[int]:
        """The enciphered numbers, each of 2·half_bits bits."""
        aes, bits, mask = self._cipher.encryptor(), self.half_bits, self._mask
        a, b = [number >> bits for number in numbers], [number & mask for number in numbers]
        for i in range(ROUNDS):
            ys = self._ys(aes, i, b)
            a, b = b, [(x + y) & mask for x, y in zip(a, ys, strict=True)]
        return [x << bits | y for x, y in zip(a, b, strict=True)]

    def decrypt(self, numbers: Sequence[int]) -> list[int]:
        """The inverse of `encrypt`."""
        aes, bits, mask = self._cipher.encryptor(), self.half_bits, self._mask
        a, b = [number >> bits for number in numbers], [number & mask for number in numbers]
        for i in reversed(range(ROUNDS)):
            ys = self._ys(aes, i, a)
            a, b = [(x - y) & mask for x, y in zip(b, ys, strict=True)], a
        return [x << bits | y for x, y in zip(a, b, strict=True)]

    def _ys(self, aes: CipherContext, i: int, halves: list[int]) -> "array[int]":
        last = self._last[i]
        blocks = last * len(halves)
        low = last[3]
        blocks[3::4] = array("I", [low ^ half for half in halves])
        # d is 8 bytes for halves of four bytes; a modulus of at most 32 bits needs only the
        # second word of them.
        return _words(aes.update(_big_endian(blocks)))[1::4]


def _single_blocks(key: bytes) -> Cipher[ECB]:
    """AES itself: the standard builds its own chaining out of single blocks."""
    return Cipher(AES(key), ECB())  # noqa: S305  # nosec B305


def _halves(length: int) -> tuple[int, int]:
    return length // 2, length - length // 2


def _bytes_of_half(radix: int, length: int) -> int:
    """Step 3: b, the bytes that hold the longer half."""
    largest: int = radix ** _halves(length)[1] - 1
    return -(-largest.bit_length() // 8)


def _fixed_blocks(radix: int, length: int, tweak: bytes, b: int) -> bytes:
    """Step 5, and step 6.i up to the round number: what is the same in all rounds."""
    p = bytes([1, 2, 1]) + radix.to_bytes(3, "big") + bytes([ROUNDS, _halves(length)[0] % 256])
    p += length.to_bytes(4, "big") + len(tweak).to_bytes(4, "big")
    return p + tweak + bytes(-(len(tweak) + b + 1) % BLOCK)


def _cbc_mac(aes: CipherContext, message: bytes) -> bytes:
    """Algorithm 6, the PRF: the last block of CBC with a zero start."""
    state = bytes(BLOCK)
    for at in range(0, len(message), BLOCK):
        state = aes.update(_xor(state, message[at : at + BLOCK]))
    return state


def _xor(one: bytes, other: bytes) -> bytes:
    return (int.from_bytes(one, "big") ^ int.from_bytes(other, "big")).to_bytes(BLOCK, "big")


def _words(data: bytes) -> "array[int]":
    words = array("I", data)
    if sys.byteorder == "little":
        words.byteswap()
    return words


def _big_endian(words: "array[int]") -> bytes:
    if sys.byteorder == "little":
        words.byteswap()
    return words.tobytes()


def _number(digits: Sequence[int], radix: int) -> int:
    number = 0
    for digit in digits:
        number = number * radix + digit
    return number


def _digits(number: int, width: int, radix: int) -> list[int]:
    digits = []
    for _ in range(width):
        number, digit = divmod(number, radix)
        digits.append(digit)
    return digits[::-1]
