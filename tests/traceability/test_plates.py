"""Symbols by the table method are those that two encoders make one at a time."""

import numpy as np
import pytest
import segno
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from builders_prints import CIPHER, GTIN, HEAD, REF, SHORT_HEAD
from traceability import base32
from traceability.printing import qr
from traceability.printing.fitting import Fit, choose
from traceability.printing.plates import Plate

Modules = NDArray[np.bool_]
HEADS = [HEAD, SHORT_HEAD, "https://id.ocop.vn/t/", "http://127.0.0.1:8000/t/", ""]
PLATES = {(head, side): Plate(head, REF, choose(head, side)) for head in HEADS for side in (20, 25)}
PLATES[SHORT_HEAD, 15] = Plate(SHORT_HEAD, REF, choose(SHORT_HEAD, 15))
PLATES[HEAD, 30] = Plate(HEAD, REF, Fit(6, "H", 30))

plates = st.sampled_from(list(PLATES))
bodies = st.integers(0, 2**60 - 1)


def parts(head: str, body: int) -> list[qr.Segment]:
    """The segments of an address, cut as for any other serial of the run."""
    *fixed, last = qr.segments(head + REF + "A" * 12)
    letters = base32.characters(np.array([body], dtype=np.uint64)).tobytes().decode()
    return [*fixed, qr.Segment(last.mode, last.text[:-12] + letters)]


def by_table(plate: Plate, body: int) -> Modules:
    (symbol,) = plate.symbols(np.array([body], dtype=np.uint64))
    return plate.matrix(symbol)


@settings(max_examples=200, deadline=None)
@given(plates, bodies)
def test_the_table_gives_what_qrcode_gives(key: tuple[str, int], body: int) -> None:
    plate = PLATES[key]
    code = qr.new_code(parts(key[0], body), plate.fit.level)
    code.version = plate.fit.version
    code.makeImpl(False, plate.mask)
    assert (by_table(plate, body) == np.array(code.modules, dtype=bool)).all()


@settings(max_examples=200, deadline=None)
@given(plates.filter(lambda key: key != (HEAD, 25) and not ends_on_a_codeword(*key)), bodies)
def test_the_table_gives_what_segno_gives(key: tuple[str, int], body: int) -> None:
    plate = PLATES[key]
    made = segno.make(
        [(part.text, part.mode) for part in parts(key[0], body)],
        version=plate.fit.version,
        error=plate.fit.level,
        mask=plate.mask,
        boost_error=False,
    )
    expected = np.array([list(row) for row in made.matrix], dtype=bool)
    assert (by_table(plate, body) == expected).all()


def ends_on_a_codeword(head: str, side: int) -> bool:
    """Where data and terminator fill whole bytes, segno 1.6 writes one of zeros too many."""
    bits = sum(4 + _length(part) for part in parts(head, 0)) + 4
    return bits % 8 == 0 and bits < _capacity(PLATES[head, side].fit)


def _length(part: qr.Segment) -> int:
    count = len(part.text)
    if part.mode == qr.NUMERIC_MODE:
        return 10 + count // 3 * 10 + (0, 4, 7)[count % 3]
    return 9 + count // 2 * 11 + count % 2 * 6 if part.mode == qr.PAIR_MODE else 8 + count * 8


def _capacity(fit: Fit) -> int:
    return {("3", "M"): 352, ("3", "L"): 440, ("4", "Q"): 384, ("4", "M"): 512}.get(
        (str(fit.version), fit.level), 10_000
    )


def test_at_least_three_forms_are_compared_with_segno() -> None:
    assert sum(not ends_on_a_codeword(*key) for key in PLATES) >= 3


@pytest.mark.parametrize("key", list(PLATES))
def test_symbols_made_together_are_those_made_alone(key: tuple[str, int]) -> None:
    plate, many = PLATES[key], CIPHER.bodies(0, 500)
    together = plate.symbols(many)
    for at in (0, 1, 250, 499):
        assert (plate.matrix(together[at]) == by_table(plate, int(many[at]))).all()


def test_the_chosen_mask_is_the_one_with_the_least_penalty_on_average() -> None:
    plate = PLATES[HEAD, 20]
    assert plate._penalty(plate.mask) == min(plate._penalty(mask) for mask in range(8))


def test_a_run_has_one_mask_and_it_depends_on_its_address_alone() -> None:
    again = Plate(HEAD, REF, choose(HEAD, 20))
    assert again.mask == PLATES[HEAD, 20].mask
    assert GTIN in HEAD
