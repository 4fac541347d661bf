"""Reading a register of products: a CSV file in, rows with possible values out. Pure."""

import csv
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from io import StringIO

from app.core.errors import Rejected
from app.core.text import N_, fold
from catalog.models import ProducerKind

COLUMNS = (
    "name_vi",
    "producer",
    "producer_type",
    "commune",
    "district_2022",
    "group",
    "stars",
    "year",
    "source",
    "confidence",
)
KINDS = {
    "htx": ProducerKind.COOPERATIVE,
    "to hop tac": ProducerKind.GROUP,
    "doanh nghiep": ProducerKind.COMPANY,
    "ho kinh doanh/co so": ProducerKind.HOUSEHOLD,
}
_ADDRESS = re.compile(r"https?://[^\s/]+\.[^\s/]+(/\S*)?")
_UNIT_OF_TODAY = re.compile(r"\s*\(đơn vị sau 7/2025\)")
_TODAY_MARKS = ("post-2025 unit", "as named after 7/2025")


class BadEncoding(Rejected):
    """The file is not UTF-8."""

    code = "register_encoding"
    message = N_("Line %(row)s is not UTF-8 text. Save the file as CSV UTF-8 and send it again.")


class MissingColumn(Rejected):
    """The first line lacks a column."""

    code = "register_column"
    message = N_("Line 1 lacks the column “%(column)s”.")


class BadValue(Rejected):
    """A value is not possible; the row is refused."""

    code = "register_value"
    message = N_("Line %(row)s, column “%(column)s”: %(reason)s")


class Claim(Enum):
    """What a row says about stars."""

    NONE = "none"
    REPORTED = "reported"
    TARGET = "target"


@dataclass(frozen=True)
class RegisterRow:
    """One product of a register, as its source wrote it; unknown is None. `line` is for messages."""

    line: int
    name: str
    producer: str | None
    kind: ProducerKind | None
    commune: str | None
    commune_is_of_today: bool
    district: str | None
    group: str | None
    claim: Claim
    stars: int | None
    year: str | None
    source: str
    note: str

    @property
    def key(self) -> str:
        """The same for the same product of the same producer in the same place."""
        return "|".join(
            fold(part or "") for part in (self.name, self.producer, self.commune, self.district)
        )

    @property
    def area_text(self) -> str | None:
        """The place as written, without the brackets around a province that stands alone."""
        district = self.district
        if district and district.startswith("(") and district.endswith(")"):
            district = district[1:-1]
        return ", ".join(part for part in (self.commune, district) if part) or None


def read_lines(content: bytes) -> list[tuple[int, dict[str, str]]]:
    """The lines of a CSV file, UTF-8 with or without mark, each with its number in the file.

    Raises `BadEncoding` and `MissingColumn`. Blank lines are skipped.
    """
    reader = csv.DictReader(StringIO(unicodedata.normalize("NFC", _decoded(content))))
    present = [name.strip() for name in reader.fieldnames or ()]
    for column in COLUMNS:
        if column not in present:
            raise MissingColumn(column=column)
    reader.fieldnames = present
    return list(_numbered(reader))


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadEncoding(row=content.count(b"\n", 0, error.start) + 1) from error


def _numbered(reader: "csv.DictReader[str]") -> Iterator[tuple[int, dict[str, str]]]:
    for values in reader:
        line = {column: (values[column] or "").strip() for column in COLUMNS}
        if any(line.values()):
            yield reader.line_num, line


def parse(line: int, values: dict[str, str]) -> RegisterRow:
    """One line as a row; raises `BadValue` with the column that stops it."""
    note = values["confidence"]
    if not values["name_vi"]:
        raise BadValue(row=line, column="name_vi", reason=N_("the product has no name"))
    if "source read" not in note:
        raise BadValue(row=line, column="confidence", reason=N_("no source was read for it"))
    if not _ADDRESS.fullmatch(values["source"]):
        raise BadValue(row=line, column="source", reason=N_("this is not a web address"))
    stars = _stars(line, values["stars"])
    return RegisterRow(
        line=line,
        name=values["name_vi"],
        producer=values["producer"] or None,
        kind=_kind(line, values["producer_type"]),
        commune=values["commune"] or None,
        commune_is_of_today=_is_of_today(values["commune"], note),
        district=values["district_2022"] or None,
        group=values["group"] or None,
        claim=_claim(stars, values["year"]),
        stars=stars,
        year=values["year"] or None,
        source=values["source"],
        note=note,
    )


def _stars(line: int, text: str) -> int | None:
    if text not in {"", "1", "2", "3", "4", "5"}:
        raise BadValue(row=line, column="stars", reason=N_("stars go from 1 to 5"))
    return int(text) if text else None


def _kind(line: int, text: str) -> ProducerKind | None:
    if text and fold(text) not in KINDS:
        raise BadValue(row=line, column="producer_type", reason=N_("this kind is not known"))
    return KINDS.get(fold(text))


def _claim(stars: int | None, year: str) -> Claim:
    if "target" in year.split():
        return Claim.TARGET
    return Claim.NONE if stars is None else Claim.REPORTED


def _is_of_today(commune: str, note: str) -> bool:
    marked = any(mark in note for mark in _TODAY_MARKS)
    return bool(commune) and (marked or _UNIT_OF_TODAY.search(commune) is not None)


def bare_commune(commune: str) -> str:
    """The name without the remark that it is a unit since July 2025."""
    return _UNIT_OF_TODAY.sub("", commune)
