"""Whether it is the season of something. A day of a year is a number MMDD: 601 is the first of June."""

from datetime import date


def in_season(begins: int | None, ends: int | None, day: date) -> bool:
    """Whether `day` lies in a season, its last day included; one may go over New Year.

    Without both ends the season is not known, and nothing is said to be in it.
    """
    if begins is None or ends is None:
        return False
    at = day.month * 100 + day.day
    return begins <= at <= ends if begins <= ends else at >= begins or at <= ends


def months(begins: int | None, ends: int | None) -> frozenset[int]:
    """The months, 1 to 12, in which the season has days; none when it is not known."""
    if begins is None or ends is None:
        return frozenset()
    first, last = begins // 100, ends // 100
    if begins <= ends:
        return frozenset(range(first, last + 1))
    return frozenset(range(first, 13)) | frozenset(range(1, last + 1))
