"""A million stamps on sheets, in a process that does nothing else; says what it took as JSON."""

import json
import sys
import time
from pathlib import Path

from traceability.printing import layouts, sheets
from traceability.printing.furniture import Header, Words
from traceability.serials import SerialCipher, batch_key

SHEET = 1_000_000
IDENTITY, REF = "02001234567893", "7K3M"
HEADS = {
    "a4-20": f"https://id.ocop.vn/01/{IDENTITY}/21/",
    "a4-15": f"https://ocop.vn/01/{IDENTITY}/21/",
}
FONTS = Path(__file__).parents[1] / "node_modules" / "@expo-google-fonts" / "be-vietnam-pro"
WORDS = Words("Long nhãn", Header(("Long nhãn · Hộp 500 g", "Lô L26-01"), "Tờ", "In ngày"))
CIPHER = SerialCipher(batch_key(b"m" * 32, IDENTITY, REF), IDENTITY, REF)


def a_print(layout: str, amount: int) -> sheets.Print:
    """Stamps of a made-up batch in one of the layouts."""
    chosen = layouts.built_in()[layout]
    return sheets.Print(chosen, HEADS[layout], REF, 0, amount, CIPHER.bodies, WORDS)


def main(layout: str, threads: int, out: Path) -> None:
    """Print, and say what it took: seconds, MB, bytes for each stamp."""
    begin = time.perf_counter()
    job = a_print(layout, SHEET)
    with out.open("wb") as file:
        sheets.write(file, job, font_dir=FONTS, threads=threads)
    found = {
        "name": f"{SHEET:,} stamps, {job.layout.symbol:g} mm",
        "threads": threads,
        "wall": time.perf_counter() - begin,
        "cpu": time.process_time(),
        "memory": _peak(),
        "bytes": out.stat().st_size / SHEET,
    }
    print(json.dumps(found))


def _peak() -> float:
    """Most memory of this process in MB; getrusage would count that of its parent too."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM:")).split()[1]) / 1024


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
