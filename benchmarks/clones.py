"""What the rules about copies catch and miss in a made-up world."""

from dataclasses import replace

from benchmarks import simulation
from benchmarks.simulation import World
from benchmarks.tables import Table

COPIES = (5, 20, 50, 100, 200, 500, 1_000)
SEEDS = (1, 2, 3)
HEAD = ("Copies of each forged code", "Codes found", "Of them copied", "Precision", "Recall")
NOTE = (
    "{codes} codes, {forged} of them copied, {scanned:.0%} of the copies scanned, {placed:.0%} of the "
    "scans with an area; sums over {seeds} worlds. Few copies of each code are not found by code: "
    "that is why batches and areas are judged too."
)


def measure() -> Table:
    """Precision and recall by how often each code was copied."""
    world = World()
    rows = []
    for copies in COPIES:
        reports = [simulation.run(replace(world, copies=copies, seed=seed)) for seed in SEEDS]
        found, right = sum(one.found for one in reports), sum(one.right for one in reports)
        forged = sum(one.forged for one in reports)
        whole = simulation.Report(found, right, forged)
        counts = (f"{copies:,}", f"{found:,}", f"{right:,}")
        rows.append((*counts, f"{whole.precision:.2f}", f"{whole.recall:.2f}"))
    values = {"codes": f"{world.codes:,}", "forged": world.forged, "seeds": len(SEEDS)}
    note = NOTE.format(scanned=world.scanned, placed=world.placed, **values)
    return Table("Copies found by their scans", note, HEAD, rows)
