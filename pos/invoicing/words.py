"""Amounts in Vietnamese words, as they stand on invoices. Pure."""

DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
GROUPS = ("", " nghìn", " triệu")


def amount_in_words(amount: int) -> str:
    """1.250.015 → «Một triệu hai trăm năm mươi nghìn không trăm mười lăm đồng»."""
    text = f"{'âm ' if amount < 0 else ''}{number_in_words(abs(amount))} đồng"
    return text[:1].upper() + text[1:]


def number_in_words(number: int) -> str:
    """A number from zero up in words."""
    billions, rest = divmod(number, 10**9)
    if not billions:
        return _below_a_billion(rest, led=False)
    head = f"{number_in_words(billions)} tỷ"
    return f"{head} {_below_a_billion(rest, led=True)}" if rest else head


def _below_a_billion(number: int, *, led: bool) -> str:
    """`led`: something stands before it, so that every group of three is read in full."""
    if number == 0:
        return DIGITS[0]
    parts: list[str] = []
    for power in (2, 1, 0):
        group = number // 1000**power % 1000
        if group:
            parts.append(_group(group, full=led or bool(parts)) + GROUPS[power])
    return " ".join(parts)


def _group(number: int, *, full: bool) -> str:
    hundreds, rest = divmod(number, 100)
    words = [f"{DIGITS[hundreds]} trăm"] if hundreds or full else []
    if rest:
        words.append(_tens(rest, after_hundreds=bool(words)))
    return " ".join(words)


def _tens(number: int, *, after_hundreds: bool) -> str:
    tens, unit = divmod(number, 10)
    if tens == 0:
        return f"linh {DIGITS[unit]}" if after_hundreds else DIGITS[unit]
    head = "mười" if tens == 1 else f"{DIGITS[tens]} mươi"
    return f"{head} {_unit(tens, unit)}" if unit else head


def _unit(tens: int, unit: int) -> str:
    """One and five sound otherwise after tens."""
    if unit == 1 and tens > 1:
        return "mốt"
    return "lăm" if unit == 5 else DIGITS[unit]
