"""`make bench`: run every benchmark, print the tables and keep them in RESULTS.md."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import (
    checkout,
    clones,
    databases,
    pages,
    resolver,
    served,
    stamps,
    start,
    tables,
    trade,
    webhooks,
)
from benchmarks.tables import Table

RESULTS = Path(__file__).with_name("RESULTS.md")
INTRODUCTION = (
    "Written by `make bench`. Compare ratios, not times: both sides of a ratio come from the same "
    "run on the same machine."
)


def main() -> None:
    """All benchmarks, one after the other; the databases are new and go away afterwards."""
    found: list[Table] = []
    with TemporaryDirectory(prefix="phohien-bench-") as name:
        folder = Path(name)
        with databases.makers(folder) as makers:
            steps: list[Callable[[], Table]] = [
                lambda: tables.machine(databases.version(makers["PostgreSQL"])),
                lambda: pages.measure(makers, folder),
                lambda: served.measure(makers["PostgreSQL"]),
                lambda: trade.measure(makers),
                lambda: trade.race(makers),
                lambda: checkout.measure(makers["PostgreSQL"]),
                lambda: webhooks.measure(makers, folder),
                stamps.measure,
                clones.measure,
                lambda: resolver.measure(makers, folder),
                lambda: start.measure(folder / "demo.sqlite3", folder / "instance"),
            ]
            for step in steps:
                found.append(step())
                print(found[-1], flush=True)
    day = datetime.now(UTC).date().isoformat()
    text = "\n".join([f"# Measured on {day}", "", INTRODUCTION, "", *map(str, found)])
    RESULTS.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
