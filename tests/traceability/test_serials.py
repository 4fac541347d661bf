import hashlib
import random
import re
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from traceability import serials

GTIN, REF = "09520000000011", "7F3K"
KEY = serials.batch_key(b"m" * 32, GTIN, REF)
SERIAL = serials.serial_for(KEY, GTIN, REF, 5)

refs = st.text(serials.ALPHABET, min_size=4, max_size=4).filter(lambda ref: ref[0] != "Z")
identities = st.one_of(
    st.text("0123456789", min_size=14, max_size=14),
    st.from_regex(r"[A-Z]{2,6}-[0-9]{1,8}", fullmatch=True),
)


@given(
    master=st.binary(min_size=32, max_size=32),
    identity=identities,
    ref=refs,
    index=st.integers(0, serials.MAX_SIZE - 1),
)
def test_a_serial_leads_back_to_its_index(
    master: bytes, identity: str, ref: str, index: int
) -> None:
    key = serials.batch_key(master, identity, ref)
    serial = serials.serial_for(key, identity, ref, index)
    assert serials.parse(serial) == serial
    assert serial.startswith(ref)
    assert serials.index_of(key, identity, ref, serial, index + 1) == index
    assert serials.index_of(key, identity, ref, serial, index) is None


def test_a_serial_never_changes_once_printed() -> None:
    assert SERIAL == "7F3KJ328HN3TPCDY"
    assert (
        serials.digest(KEY, GTIN, REF, 1000)
        == "9c5ced91991784020695079313e5e95b9f2b1959c63601c9007c4f99e151d218"
    )


def test_serials_of_a_batch_are_all_different_and_in_order_of_index() -> None:
    batch = list(serials.serials(KEY, GTIN, REF, 0, 20_000))
    assert len(set(batch)) == 20_000
    assert list(serials.serials(KEY, GTIN, REF, 9_990, 20)) == batch[9_990:10_010]
    cipher = serials.SerialCipher(KEY, GTIN, REF)
    assert [cipher.index_of(batch[index], 20_000) for index in range(0, 20_000, 997)] == list(
        range(0, 20_000, 997)
    )


def test_one_wrong_character_is_never_accepted() -> None:
    cipher = serials.SerialCipher(KEY, GTIN, REF)
    for serial in serials.serials(KEY, GTIN, REF, 0, 20):
        for wrong in one_character_off(serial):
            assert cipher.index_of(wrong, serials.MAX_SIZE) is None


def one_character_off(serial: str) -> Iterator[str]:
    for place, right in enumerate(serial):
        for other in serials.ALPHABET.replace(right, ""):
            yield serial[:place] + other + serial[place + 1 :]


def test_two_neighbours_swapped_are_never_accepted() -> None:
    cipher = serials.SerialCipher(KEY, GTIN, REF)
    for serial in serials.serials(KEY, GTIN, REF, 0, 200):
        for at in range(15):
            swapped = serial[:at] + serial[at + 1] + serial[at] + serial[at + 2 :]
            if swapped != serial:
                assert cipher.index_of(swapped, serials.MAX_SIZE) is None


def test_of_a_hundred_thousand_made_up_serials_none_is_accepted() -> None:
    chance = random.Random(20260101)
    cipher = serials.SerialCipher(KEY, GTIN, REF)
    made_up = (REF + "".join(chance.choices(serials.ALPHABET, k=12)) for _ in range(100_000))
    assert not [
        serial for serial in made_up if cipher.index_of(serial, serials.MAX_SIZE) is not None
    ]


@pytest.mark.parametrize(
    ("identity", "ref"), [("09520000000028", REF), (GTIN, "7F3M"), ("LN-0001", REF)]
)
def test_the_key_of_another_batch_refuses(identity: str, ref: str) -> None:
    other = serials.batch_key(b"m" * 32, identity, ref)
    moved = ref + SERIAL[4:]
    assert other != KEY
    assert serials.index_of(other, identity, ref, moved, serials.MAX_SIZE) is None
    assert serials.index_of(other, GTIN, REF, SERIAL, serials.MAX_SIZE) is None
    assert serials.index_of(KEY, identity, ref, moved, serials.MAX_SIZE) is None


def test_another_master_gives_other_serials() -> None:
    other = serials.batch_key(b"n" * 32, GTIN, REF)
    assert serials.index_of(other, GTIN, REF, SERIAL, serials.MAX_SIZE) is None


@pytest.mark.parametrize("size", [1, 4096, 5000])
def test_the_digest_is_that_of_the_list_of_lines(size: int) -> None:
    lines = "\n".join(serials.serials(KEY, GTIN, REF, 0, size))
    expected = hashlib.sha256(lines.encode()).hexdigest()
    assert serials.digest(KEY, GTIN, REF, size) == expected


@pytest.mark.parametrize(
    ("first", "count"), [(-1, 1), (0, -1), (serials.MAX_SIZE, 1), (1, serials.MAX_SIZE)]
)
def test_a_range_outside_the_batch_is_refused_at_once(first: int, count: int) -> None:
    with pytest.raises(serials.BadRange):
        serials.serials(KEY, GTIN, REF, first, count)


def test_a_batch_without_stamps_has_no_digest() -> None:
    with pytest.raises(serials.BadRange):
        serials.digest(KEY, GTIN, REF, 0)


@pytest.mark.parametrize("ref", ["", "7F3", "7F3KK", "7f3k", "7F3I", "Z000", "7F3K\n"])
def test_a_ref_out_of_form_is_refused(ref: str) -> None:
    with pytest.raises(serials.BadRef):
        serials.batch_key(bytes(32), GTIN, ref)


@pytest.mark.parametrize("identity", ["", "nhãn"])
def test_an_identity_out_of_form_is_refused(identity: str) -> None:
    with pytest.raises(serials.BadIdentity):
        serials.batch_key(bytes(32), identity, REF)


@given(st.binary(min_size=3, max_size=3))
def test_a_new_ref_never_begins_with_the_reserved_letter(drawn: bytes) -> None:
    ref = serials.new_ref(answers(drawn, b"\x00\x00\x01"))
    assert re.fullmatch("[0-9A-HJKMNP-TV-Y][0-9A-HJKMNP-TV-Z]{3}", ref)


def test_a_reserved_ref_is_drawn_again() -> None:
    assert serials.new_ref(answers(b"\xff\xff\xff", b"\x00\x00\x21")) == "0011"


def answers(*drawn: bytes) -> Callable[[int], bytes]:
    left = iter(drawn)
    return lambda count: next(left)[:count]


@pytest.mark.parametrize(
    "text",
    ["", SERIAL[:-1], SERIAL + "0", SERIAL.lower(), f" {SERIAL}", SERIAL[:-1] + "U", SERIAL + "\n"],
)
def test_only_the_canonical_form_is_parsed(text: str) -> None:
    assert serials.parse(text) is None
    assert serials.index_of(KEY, GTIN, REF, text, serials.MAX_SIZE) is None


@pytest.mark.parametrize(
    "text",
    [
        "7F3K0AB1CD0EF1GH",
        "7f3k 0ab1 cd0e f1gh",
        " 7F3K-OABI-CDOE-FLGH ",
        "7f3koabicdoeflgh",
        "https://id.example.vn/t/7F3K0AB1CD0EF1GH",
        "https://id.example.vn/tem/7F3K0AB1CD0EF1GH",
        "HTTPS://ID.EXAMPLE.VN/T/7F3K0AB1CD0EF1GH/",
        "https://id.example.vn/01/09520000000011/21/7F3K0AB1CD0EF1GH?lang=vi#top",
        "https://id.example.vn/01/09520000000011/10/L26A07/21/7F3K0AB1CD0EF1GH",
        "id.example.vn/t/7F3K0AB1CD0EF1GH",
    ],
)
def test_what_people_type_paste_or_scan_is_understood(text: str) -> None:
    assert serials.parse_typed(text) == "7F3K0AB1CD0EF1GH"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "7F3K 0AB1 CD0E F1G",
        "7F3K 0AB1 CD0E F1GU",
        "7F3K 0AB1 CD0E F1Gđ",
        "https://id.example.vn/x/7F3K0AB1CD0EF1GH",
        "https://id.example.vn/01/0952000000001/21/7F3K0AB1CD0EF1GH",
        "https://id.example.vn/t/",
        " " * 600 + "7F3K0AB1CD0EF1GH",
    ],
)
def test_what_is_no_serial_is_not_made_one(text: str) -> None:
    assert serials.parse_typed(text) is None


@given(st.text(max_size=60))
def test_typed_text_gives_a_canonical_serial_or_nothing(text: str) -> None:
    found = serials.parse_typed(text)
    assert found is None or serials.parse(found) == found


def test_grouped_for_people_reads_back() -> None:
    assert serials.grouped("7F3K0AB1CD0EF1GH") == "7F3K 0AB1 CD0E F1GH"
    assert serials.parse_typed(serials.grouped(SERIAL)) == SERIAL


@given(first=st.integers(0, serials.MAX_SIZE - 300), count=st.integers(0, 300))
def test_rows_and_strings_are_the_same_serials(first: int, count: int) -> None:
    cipher = serials.SerialCipher(KEY, GTIN, REF)
    rows = cipher.rows(first, count)
    assert [bytes(row).decode() for row in rows] == list(cipher.serials(first, count))
    assert cipher.indexes_of(rows, serials.MAX_SIZE).tolist() == list(range(first, first + count))


def test_many_serials_are_judged_as_one_is() -> None:
    cipher, size = serials.SerialCipher(KEY, GTIN, REF), 1_000
    good = list(cipher.serials(0, 50)) + list(cipher.serials(size, 10))
    bad = [wrong for serial in good[:5] for wrong in one_character_off(serial)]
    typed = [good[0].lower(), "7F3K" + "O" * 12, "7F3K" + " " * 12, "é" * 8, "0" * 16]
    texts = [*good, *bad, *typed]
    rows = np.array([list(text.encode().ljust(16)[:16]) for text in texts], dtype=np.uint8)
    found = cipher.indexes_of(rows, size).tolist()
    alone = [cipher.index_of(text, size) for text in texts]
    assert found == [-1 if index is None else index for index in alone]
    assert found[:50] == list(range(50))
    assert set(found[50:]) == {-1}


def test_of_a_million_random_serials_none_is_accepted() -> None:
    cipher = serials.SerialCipher(KEY, GTIN, REF)
    letters = np.frombuffer(serials.ALPHABET.encode(), dtype=np.uint8)
    rows = letters[np.random.default_rng(1).integers(0, 32, (1_000_000, 16))]
    rows[:, :4] = np.frombuffer(REF.encode(), dtype=np.uint8)
    assert (cipher.indexes_of(rows, serials.MAX_SIZE) == -1).all()
