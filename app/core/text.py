"""Vietnamese text: folding for search, slugs, and marking strings for translation."""

import re
import unicodedata


def N_(message: str) -> str:  # noqa: N802  (gettext's own name for a marked, untranslated string)
    """Mark a msgid for extraction where no request exists to translate it in."""
    return message


def fold(text: str) -> str:
    """Lower-case text without marks: «Mật ong Đông Tảo» → `mat ong dong tao`.

    đ is a letter of its own to Unicode, so NFD alone would leave it in place.
    """
    decomposed = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(bare.split())


def slugify(text: str) -> str:
    """Turn a name into a path segment of `a-z0-9-`; empty text becomes `x`."""
    return re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-") or "x"


def search_text(*parts: str | None) -> str:
    """Fold all parts into the one column that both databases search."""
    return fold(" ".join(p for p in parts if p))


def search_words(*parts: str | None) -> str:
    """Like `search_text`, but letters and digits only: both full-text indexes cut it alike."""
    return " ".join(words_of(search_text(*parts)))


def words_of(text: str) -> list[str]:
    """The folded words of a text, without the signs between them."""
    return re.findall(r"[^\W_]+", fold(text))


def sort_key(name: str) -> str:
    """Key under which names sort as in a Vietnamese dictionary (letters before their marks).

    a < ă < â, d < đ, e < ê, o < ô < ơ, u < ư; tone marks decide last.
    """
    letters = {"ă": "a1", "â": "a2", "đ": "d1", "ê": "e1", "ô": "o1", "ơ": "o2", "ư": "u1"}
    tones = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
    base, marks = [], []
    for char in unicodedata.normalize("NFC", name.casefold()):
        parts = unicodedata.normalize("NFD", char)
        tone = next((tones[p] for p in parts if p in tones), "0")
        letter = unicodedata.normalize("NFC", "".join(p for p in parts if p not in tones))
        base.append(letters.get(letter, letter + "0" if letter.isalpha() else letter))
        marks.append(tone)
    return "".join(base) + "\u0001" + "".join(marks)
