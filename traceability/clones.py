"""How likely it is that a code was copied, from its scans alone. Pure.

No serial stops copying; what shows a copy is that one code turns up too often, in places too far
apart, or when it should not. Each rule gives points; their sum, at most 100, is the score. The
limits are `Limits`, which officers may change.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from itertools import combinations, pairwise
from math import exp

from app.core.enums import LabelledEnum
from app.core.text import N_
from traceability.cells import Cell, distance

MOST = 100
# A pack that is scanned at a stand and again at home lies in neighbouring cells.
NEAR_KM = 30


class Rule(LabelledEnum):
    """What can make a code suspicious."""

    REPEAT = "repeat", N_("Scanned by many different phones")
    VELOCITY = "velocity", N_("Far apart in too short a time")
    SPREAD = "spread", N_("Seen in areas far apart")
    AFTER_SALE = "after_sale", N_("Scanned by many long after it was sold")
    FAR = "far", N_("Seen far from where it was sent")
    UNACTIVATED = "unactivated", N_("Scanned though never put into use")
    BATCH = "batch", N_("Many codes of the batch are suspicious")


# Points of each rule. Two weak signs together make a case; a strong one does alone.
POINTS: Mapping[Rule, int] = {
    Rule.REPEAT: 60,
    Rule.VELOCITY: 60,
    Rule.SPREAD: 40,
    Rule.AFTER_SALE: 60,
    Rule.FAR: 30,
    Rule.UNACTIVATED: 100,
}


@dataclass(frozen=True, slots=True)
class Limits:
    """Where the rules begin to speak. Days, kilometres, kilometres an hour, phones, points, percent."""

    phones: int = field(default=8, metadata={"label": N_("Phones on different days that are many")})
    speed: int = field(default=200, metadata={"label": N_("Fastest way to travel, km/h")})
    far: int = field(default=120, metadata={"label": N_("Distance from where it was sent, km")})
    areas: int = field(default=3, metadata={"label": N_("Areas far apart that are many")})
    after_days: int = field(
        default=14, metadata={"label": N_("Days after the sale that are usual")}
    )
    after_phones: int = field(
        default=3, metadata={"label": N_("Phones after that time that are many")}
    )
    unactivated: int = field(default=1, metadata={"label": N_("Phones on a stamp not in use")})
    suspicious: int = field(default=60, metadata={"label": N_("Points that open a case")})
    batch_codes: int = field(default=3, metadata={"label": N_("Suspicious codes of one batch")})
    batch_percent: int = field(default=5, metadata={"label": N_("Their share of scanned codes, %")})


@dataclass(frozen=True, slots=True)
class Seen:
    """One scan of a code: when, by which phone of that day, about where."""

    at: datetime
    device: str | None = None
    cell: Cell | None = None
    unactivated: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """Points and what was counted, by rule."""

    score: int = 0
    reasons: Mapping[str, int] = field(default_factory=dict)


NOTHING = Finding()


def judge(
    scans: Sequence[Seen],
    limits: Limits,
    *,
    sold_at: datetime | None = None,
    sent_to: Collection[Cell] = (),
    usual: float = 0.0,
) -> Finding:
    """Score one code by its scans in order of time.

    `sent_to` are the areas where its lot was ever put; unknown when empty. `usual` is the mean number
    of phones per scanned code of the batch: where many scan, many scans mean less.
    """
    counts = {
        Rule.REPEAT: _over(phones(scans), many(limits.phones, usual)),
        Rule.VELOCITY: _too_fast(scans, limits.speed),
        Rule.SPREAD: _over(_areas_apart(scans), limits.areas),
        Rule.AFTER_SALE: _late(scans, sold_at, limits),
        Rule.FAR: 0 if sold_at else _far(scans, sent_to, limits.far),
        Rule.UNACTIVATED: _over(phones(s for s in scans if s.unactivated), limits.unactivated),
    }
    reasons = {rule: count for rule, count in counts.items() if count}
    score = min(MOST, sum(POINTS[rule] for rule in reasons))
    return Finding(score, {rule.value: count for rule, count in reasons.items()})


def phones(scans: Iterable[Seen]) -> int:
    """Phones, each counted once a day: its token changes at midnight. One without token counts."""
    known: set[str] = set()
    nameless = 0
    for scan in scans:
        if scan.device is None:
            nameless += 1
        else:
            known.add(scan.device)
    return len(known) + nameless


def many(phones: int, usual: float) -> int:
    """So many phones are many for a code of a batch. A batch that was copied as a whole must not
    raise its own limit without end: more than half the limit is never taken for usual."""
    return max(phones, tail(min(usual, phones / 2)))


def tail(mean: float) -> int:
    """So many that a Poisson law of this mean reaches them less than once in ten thousand."""
    if mean <= 0:
        return 0
    term = total = exp(-mean)
    count = 0
    while 1 - total > 1e-4 and count < 1_000:
        count += 1
        term *= mean / count
        total += term
    return count + 1


def _over(count: int, limit: int) -> int:
    return count if limit and count >= limit else 0


def _placed(scans: Sequence[Seen]) -> list[tuple[datetime, Cell]]:
    return [(scan.at, scan.cell) for scan in scans if scan.cell is not None]


def _too_fast(scans: Sequence[Seen], speed: int) -> int:
    """Jumps between neighbouring sightings that no traveller makes."""
    return sum(
        1
        for (before, here), (after, there) in pairwise(_placed(scans))
        if (way := distance(here, there)) > NEAR_KM and way > speed * _hours(after - before)
    )


def _hours(span: timedelta) -> float:
    return max(span.total_seconds(), 0) / 3600


def _areas_apart(scans: Sequence[Seen]) -> int:
    """The greatest number of areas of which each is far from all others, found greedily."""
    kept: list[Cell] = []
    for _at, cell in _placed(scans):
        if all(distance(cell, other) > 2 * NEAR_KM for other in kept):
            kept.append(cell)
    return len(kept)


def _late(scans: Sequence[Seen], sold_at: datetime | None, limits: Limits) -> int:
    if sold_at is None:
        return 0
    usual_until = sold_at + timedelta(days=limits.after_days)
    return _over(phones(s for s in scans if s.at > usual_until), limits.after_phones)


def _far(scans: Sequence[Seen], sent_to: Collection[Cell], far: int) -> int:
    if not sent_to:
        return 0
    return sum(
        1 for _at, cell in _placed(scans) if all(distance(cell, place) > far for place in sent_to)
    )


def judge_batch(scores: Sequence[int], limits: Limits) -> Finding:
    """Score a batch by the scores of its scanned codes: copies of many codes, a few of each."""
    bad = sum(1 for score in scores if score >= limits.suspicious)
    share = 100 * bad / len(scores) if scores else 0
    if bad < limits.batch_codes or share < limits.batch_percent:
        return NOTHING
    return Finding(min(MOST, 60 + round(share)), {Rule.BATCH.value: bad})


def judge_area(cell: Cell, codes: int, sent_to: Collection[Cell], limits: Limits) -> Finding:
    """Score one area by how many different codes of a batch turned up there, where none was sent."""
    if not sent_to or codes < limits.batch_codes:
        return NOTHING
    nearest = min(distance(cell, place) for place in sent_to)
    if nearest <= limits.far:
        return NOTHING
    return Finding(min(MOST, 50 + 5 * codes), {Rule.FAR.value: codes})


def limits_with(changed: Mapping[str, int]) -> Limits:
    """The limits as they come, with those changed that an officer has set; others are passed over."""
    known = {item.name for item in fields(Limits)}
    return Limits(**{name: value for name, value in changed.items() if name in known})


def far_apart(cells: Iterable[Cell]) -> float:
    """Greatest distance between two of the cells in kilometres, 0 for fewer than two."""
    return max((distance(one, two) for one, two in combinations(set(cells), 2)), default=0.0)
