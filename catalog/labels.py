"""What a label must say, by kind of goods: `data/label_profiles.csv` and `data/label_fields.csv`."""

import csv
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from uuid import UUID

from sqlalchemy.orm import Session

from app.accounts import audit
from app.core.enums import LabelledEnum
from app.core.errors import Rejected
from app.core.text import N_
from app.core.types import Json
from catalog import claims
from catalog.models import Product

DATA = Path(__file__).parent / "data"
MOST_LETTERS = 2_000
NO_KIND = N_("kind of goods")
# English names of the facts that can be missing, marked for translation; a test compares them.
REQUIRED_NAMES = (
    N_("Name of the goods"),
    N_("Responsible producer"),
    N_("Address of the producer"),
    N_("Origin"),
    N_("Net content"),
    N_("Ingredients"),
    N_("Storage"),
    N_("Instructions for use"),
    N_("Warning"),
    N_("Ethanol content"),
    N_("Number of the registered declaration"),
    N_("Function"),
    N_("Cosmetic notification number"),
    N_("Material"),
    N_("Size"),
    N_("Fibre composition"),
    N_("Plant species"),
    N_("Duration"),
    N_("Meeting place"),
    N_("Included in the price"),
)


class FieldType(LabelledEnum):
    """How a fact is entered and shown."""

    TEXT = "text", N_("Text")
    NUMBER = "number", N_("Number")
    CHOICE = "choice", N_("Choice")
    YES_NO = "yes_no", N_("Yes or no")
    PHRASE = "phrase", N_("Fixed phrase")


class UnknownProfile(Rejected):
    """No such kind of goods."""

    code = "unknown_profile"
    message = N_("Choose one of the kinds of goods.")


class BadFact(Rejected):
    """A value that the fact cannot have."""

    code = "bad_fact"
    message = N_("%(name)s: this value is not possible.")


@dataclass(frozen=True)
class Option:
    """One value of a choice."""

    key: str
    name_vi: str
    name_en: str


YES, NO = Option("yes", "Có", "Yes"), Option("no", "Không", "No")


@dataclass(frozen=True)
class Field:
    """A fact that labels can bear."""

    key: str
    name_vi: str
    name_en: str
    type: FieldType
    unit_vi: str | None
    unit_en: str | None
    translated: bool
    options: tuple[Option, ...]

    @property
    def is_column(self) -> bool:
        """Whether the fact stands in a column or another table rather than in `Product.facts`."""
        return self.key in _COLUMNS

    @property
    def entered(self) -> bool:
        """Whether staff enter it with the label facts."""
        return not self.is_column and self.type is not FieldType.PHRASE

    @property
    def parts(self) -> tuple[str, ...]:
        """The keys of its values."""
        return ("vi", "en") if self.translated else ("value",)


@dataclass(frozen=True)
class Item:
    """A fact in a profile; `source` is the rule that asks for it, `mark` how well we know the rule."""

    field: Field
    required: bool
    source: str
    mark: str


@dataclass(frozen=True)
class Profile:
    """A kind of goods with its facts in order. `counted` goods have a stock."""

    key: str
    name_vi: str
    name_en: str
    needs_lot: bool
    counted: bool
    items: tuple[Item, ...]

    @property
    def entered(self) -> list[Field]:
        """The facts that staff enter for it."""
        return [item.field for item in self.items if item.field.entered]


@dataclass(frozen=True)
class Shown:
    """A fact as the product page shows it; without a name it is a sentence of its own."""

    name_vi: str | None
    name_en: str | None
    value_vi: str
    value_en: str | None
    unit_vi: str | None = None
    unit_en: str | None = None


# Facts that were columns before there were profiles: (text in Vietnamese, text in English).
_COLUMNS: Mapping[str, Callable[[Product], tuple[str | None, str | None]]] = {
    "name": lambda p: (p.name_vi, p.name_en),
    "producer": lambda p: (p.producer.name if p.producer else None, None),
    "producer_address": lambda p: (
        (p.producer.address or p.producer.area_text) if p.producer else None,
        None,
    ),
    "origin": lambda p: (p.area_text or (p.producer.area_text if p.producer else None), None),
    "net_content": lambda p: (_net_contents(p), None),
    "ingredients": lambda p: (p.ingredients_vi, p.ingredients_en),
    "storage": lambda p: (p.storage_vi, p.storage_en),
    "shelf_life": lambda p: (_shelf_life(p), None),
}
# Said elsewhere on the page already, by heading, price box and list of articles.
_SAID_ELSEWHERE = {"name", "producer", "net_content"}


def _net_contents(product: Product) -> str | None:
    live = [sku for sku in product.skus if sku.active]
    known = [sku.name_vi for sku in live if sku.net_content]
    return ", ".join(known) if known and len(known) == len(live) else None


def _shelf_life(product: Product) -> str | None:
    days = sorted({s.shelf_life_days for s in product.skus if s.active and s.shelf_life_days})
    return "–".join(str(n) for n in days) or None


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def fields() -> Mapping[str, Field]:
    """All facts by key."""
    return {
        row["field"]: Field(
            row["field"],
            row["name_vi"],
            row["name_en"],
            FieldType.parse(row["type"]),
            *_unit(row["unit"]),
            row["translated"] == "yes",
            _options(row),
        )
        for row in _rows("label_fields.csv")
    }


def _unit(text: str) -> tuple[str | None, str | None]:
    vietnamese, _bar, english = text.partition("|")
    return vietnamese or None, english or None


def _options(row: dict[str, str]) -> tuple[Option, ...]:
    if row["type"] == FieldType.YES_NO.value:
        return YES, NO
    listed = [text for text in row["options"].split("|") if text]
    return tuple(Option(*text.split(":")) for text in listed)


@cache
def profiles() -> Mapping[str, Profile]:
    """All kinds of goods by key, in the order of the file."""
    by_key: dict[str, list[dict[str, str]]] = {}
    for row in _rows("label_profiles.csv"):
        by_key.setdefault(row["profile"], []).append(row)
    return {key: _profile(key, rows) for key, rows in by_key.items()}


def _profile(key: str, rows: list[dict[str, str]]) -> Profile:
    first = rows[0]
    items = [
        Item(fields()[r["field"]], r["required"] == "yes", r["source"], r["mark"]) for r in rows
    ]
    lot, counted = first["needs_lot"] == "yes", first["counted"] == "yes"
    return Profile(key, first["name_vi"], first["name_en"], lot, counted, tuple(items))


def missing(product: Product) -> list[str]:
    """Msgids of the facts that the kind of goods must bear and the product does not have."""
    profile = profiles().get(product.profile or "")
    if profile is None:
        return [NO_KIND]
    return [i.field.name_en for i in profile.items if i.required and not _text(product, i.field)[0]]


def shown(product: Product) -> list[Shown]:
    """The facts that are known, in the order of the profile, without what the page says anyway."""
    profile = profiles().get(product.profile or "")
    listed = [i.field for i in profile.items] if profile else [fields()[k] for k in _LEGACY]
    return [
        _shown(field, vi, en)
        for field in listed
        if field.key not in _SAID_ELSEWHERE
        for vi, en in (_text(product, field),)
        if vi
    ]


_LEGACY = ("ingredients", "storage")


def _shown(field: Field, vi: str, en: str | None) -> Shown:
    if field.type is FieldType.PHRASE:
        return Shown(None, None, vi, en)
    return Shown(field.name_vi, field.name_en, vi, en, field.unit_vi, field.unit_en)


def _text(product: Product, field: Field) -> tuple[str | None, str | None]:
    """What the product says of a field, in Vietnamese and in English; None when unknown."""
    if field.is_column:
        return _COLUMNS[field.key](product)
    if field.type is FieldType.PHRASE:
        return field.name_vi, field.name_en
    fact = (product.facts or {}).get(field.key) or {}
    if field.translated:
        return fact.get("vi"), fact.get("en")
    value = fact.get("value")
    option = next((o for o in field.options if o.key == value), None)
    if option:
        return option.name_vi, option.name_en
    if field.type is FieldType.NUMBER and value:
        return value.replace(".", ","), value
    return value, value


def facts_of(profile: Profile, entered: Mapping[str, Mapping[str, str | None]]) -> Json:
    """The facts of a profile out of what was entered; empty ones are left out. Raises `BadFact`,
    `HealthClaim`."""
    found: Json = {}
    for field in profile.entered:
        raw = entered.get(field.key, {})
        values = {part: _checked(field, (raw.get(part) or "").strip()) for part in field.parts}
        known = {part: text for part, text in values.items() if text}
        claims.demand_none(**{field.name_en: "\n".join(known.values())})
        if known:
            found[field.key] = known
    return found


def _checked(field: Field, text: str) -> str:
    if text and (len(text) > MOST_LETTERS or (field.options and not _is_option(field, text))):
        raise BadFact(name=field.name_en)
    return _decimal(field, text) if text and field.type is FieldType.NUMBER else text


def _is_option(field: Field, text: str) -> bool:
    return text in {option.key for option in field.options}


def _decimal(field: Field, text: str) -> str:
    """A number above zero with at most three decimals; comma or dot."""
    try:
        number = Decimal(text.replace(",", "."))
    except InvalidOperation:
        raise BadFact(name=field.name_en) from None
    top = 100 if field.unit_en and field.unit_en.startswith("%") else 1_000_000
    if not number.is_finite() or not 0 < number <= top or number != round(number, 3):
        raise BadFact(name=field.name_en)
    return f"{number.normalize():f}"


def describe(
    session: Session,
    product: Product,
    key: str,
    entered: Mapping[str, Mapping[str, str | None]],
    *,
    now: datetime,
    actor_id: UUID | None,
) -> None:
    """Say what kind of goods it is and its label facts; audited. Raises `UnknownProfile`, `BadFact`.

    Facts that the kind does not know are kept: going back to the former kind finds them again.
    """
    profile = profiles().get(key)
    if profile is None:
        raise UnknownProfile
    kept = {k: v for k, v in (product.facts or {}).items() if k not in _keys(profile.entered)}
    before = _state(product)
    product.profile, product.facts = key, kept | facts_of(profile, entered)
    product.needs_lot, product.counted = profile.needs_lot, profile.counted
    session.flush()
    after = _state(product)
    changed = [name for name in after if after[name] != before[name]]
    if changed:
        detail = {
            "before": {n: before[n] for n in changed},
            "after": {n: after[n] for n in changed},
        }
        obj = ("product", product.id)
        audit.record(session, "product.label", obj, actor_id=actor_id, now=now, detail=detail)


def _keys(listed: Iterable[Field]) -> set[str]:
    return {field.key for field in listed}


def _state(product: Product) -> Json:
    facts = {f"fact.{key}": value for key, value in (product.facts or {}).items()}
    known = dict.fromkeys((f"fact.{key}" for key in fields()), None)
    columns = {"profile": product.profile, "needs_lot": product.needs_lot}
    return {**known, **columns, "counted": product.counted, **facts}
