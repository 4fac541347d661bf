"""A made-up world of honest and copied stamps, to see what the rules about copies catch and miss.

Everything is drawn from one seed. Honest packs are scanned by shop staff, buyers and families; some
are carried across the country; some codes are read aloud to a class. Forgers buy genuine packs and
print each code many times, in other areas. A share of scans tells its area, the others do not.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from traceability import clones
from traceability.cells import Cell, cell_at
from traceability.clones import Limits, Seen

START = datetime(2026, 1, 1, 2, tzinfo=UTC)
HOME = (cell_at(20.65, 106.06), cell_at(20.85, 106.02), cell_at(20.93, 106.06))
AWAY = (
    cell_at(21.03, 105.85),
    cell_at(16.06, 108.21),
    cell_at(10.78, 106.70),
    cell_at(20.86, 106.68),
)


@dataclass(frozen=True)
class World:
    """What to make. Shares lie between 0 and 1; `copies` is how often a forger prints one code."""

    codes: int = 5_000
    forged: int = 200
    copies: int = 200
    scanned: float = 0.05  # chance that a copy is scanned at all
    placed: float = 0.4  # chance that a scan tells its area
    travels: float = 0.08  # honest packs that are carried far
    crowd: float = 0.005  # honest packs that many phones see: fairs, classes
    days: int = 120
    seed: int = 1


@dataclass(frozen=True)
class Report:
    """How the rules did. Precision: found ones that are copies. Recall: copies that are found."""

    found: int
    right: int
    forged: int

    @property
    def precision(self) -> float:
        """1.0 when nothing was found at all: nobody was accused wrongly."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """1.0 when there was nothing to find."""
        return self.right / self.forged if self.forged else 1.0


@dataclass(frozen=True)
class Code:
    """One stamp of the made-up world."""

    forged: bool
    scans: Sequence[Seen]
    sold_at: datetime | None


def run(world: World, limits: Limits | None = None) -> Report:
    """Judge every code of the world and compare with what it is."""
    rules, made = limits or Limits(), list(codes(world))
    counts = sorted(clones.phones(code.scans) for code in made if code.scans)
    middle = counts[len(counts) // 4 : max(len(counts) * 3 // 4, 1)]
    usual = sum(middle) / len(middle) if middle else 0.0
    found = [code for code in made if _score(code, rules, usual) >= rules.suspicious]
    right = sum(code.forged for code in found)
    return Report(len(found), right, sum(code.forged for code in made))


def _score(code: Code, limits: Limits, usual: float) -> int:
    sold_at = code.sold_at
    return clones.judge(code.scans, limits, sold_at=sold_at, sent_to=HOME, usual=usual).score


def codes(world: World) -> Iterator[Code]:
    """The stamps of the world, forged ones first. Of a forged one the genuine pack is scanned too."""
    rng = Random(world.seed)
    for number in range(world.codes):
        forged = number < world.forged
        sold_at = _some_day(rng, world.days // 2) if rng.random() < 0.7 else None
        scans = _honest(rng, world, sold_at)
        if forged:
            scans += _copies(rng, world)
        yield Code(forged, sorted(scans, key=lambda scan: scan.at), sold_at)


def _some_day(rng: Random, days: int) -> datetime:
    return START + timedelta(days=rng.uniform(0, days))


def _phone(rng: Random) -> str:
    return f"{rng.getrandbits(64):016x}"


def _honest(rng: Random, world: World, sold_at: datetime | None) -> list[Seen]:
    begin = sold_at or _some_day(rng, world.days)
    here = rng.choice(HOME)
    before = _seen(rng, world, begin - timedelta(hours=rng.uniform(1, 200)), here)
    scans = [before] if rng.random() < 0.1 else []
    if rng.random() < world.crowd:
        phones = rng.randint(5, 25)
        return scans + [
            _seen(rng, world, begin + timedelta(minutes=n), here) for n in range(phones)
        ]
    # A traveller needs hours, and whoever scans at home does so within days of buying.
    there, wait = (rng.choice(AWAY), 6.0) if rng.random() < world.travels else (here, 0.2)
    for _scan in range(rng.choice((0, 0, 0, 1, 1, 2, 3))):
        wait += rng.expovariate(1 / 30)
        scans.append(_seen(rng, world, begin + timedelta(hours=wait), there))
    return scans


def _copies(rng: Random, world: World) -> list[Seen]:
    scanned = sum(rng.random() < world.scanned for _copy in range(world.copies))
    return [
        _seen(rng, world, _some_day(rng, world.days), rng.choice(HOME + AWAY))
        for _copy in range(scanned)
    ]


def _seen(rng: Random, world: World, at: datetime, cell: Cell) -> Seen:
    return Seen(at, _phone(rng), cell if rng.random() < world.placed else None)
