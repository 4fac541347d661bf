import pytest

from benchmarks import simulation
from benchmarks.simulation import Report, World
from traceability.clones import Limits

SMALL = World(codes=1_500, forged=100)


def test_the_same_seed_makes_the_same_world() -> None:
    assert simulation.run(SMALL) == simulation.run(SMALL)


def test_mass_copies_are_found_and_few_are_accused_wrongly() -> None:
    report = simulation.run(SMALL)
    assert report.recall > 0.85
    assert report.precision > 0.85


def test_a_few_copies_of_each_code_are_not_found_one_by_one() -> None:
    """What the rules cannot do: that is why batches and areas are judged as well."""
    assert simulation.run(World(codes=1_500, forged=100, copies=5)).recall < 0.2


def test_a_world_without_forgers_accuses_hardly_anybody() -> None:
    report = simulation.run(World(codes=3_000, forged=0))
    assert report.found < 20
    assert report.recall == 1.0


def test_blunter_limits_find_less() -> None:
    blunt = Limits(phones=1_000, after_phones=1_000, areas=99, speed=100_000)
    assert simulation.run(SMALL, blunt).recall < simulation.run(SMALL).recall


@pytest.mark.parametrize(("found", "precision"), [(0, 1.0), (4, 0.5)])
def test_precision_of_a_report(found: int, precision: float) -> None:
    assert Report(found, found // 2, 10).precision == precision
