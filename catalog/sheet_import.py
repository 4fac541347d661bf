"""Products from a table: each row is judged by itself, and the same table twice changes nothing."""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.core.clock import local_day
from app.core.enums import LabelledEnum
from app.core.errors import DomainError, Rejected
from app.core.text import N_
from app.core.types import Json
from catalog import pricing, products
from catalog.models import Category, PriceChannel, Producer, Product, Sku, Unit
from catalog.products import Texts
from catalog.sheet import Row

# Name of the column → what it holds. The article's code is the key of a row.
COLUMNS = {
    "ma": N_("Article code; a known one changes that article's product"),
    "ten": N_("Name in Vietnamese"),
    "ten_en": N_("Name in English"),
    "nha_san_xuat": N_("Address name of the producer, as in its page's address"),
    "ke": N_("Address name of the shelf"),
    "mo_ta": N_("Description in Vietnamese"),
    "mo_ta_en": N_("Description in English"),
    "thanh_phan": N_("Ingredients"),
    "bao_quan": N_("Storage"),
    "quy_cach": N_("Name of the pack"),
    "khoi_luong": N_("Net content, a whole number"),
    "don_vi": N_("Its unit: g, ml or piece"),
    "ma_vach": N_("GTIN-13"),
    "gia": N_("Price in đồng, a whole number"),
}
NEEDED = ("ma", "ten", "ke", "quy_cach")
_CODE = re.compile(r"[A-Z0-9][A-Z0-9._-]{1,39}")
_TEXTS = {"name_vi": "ten", "name_en": "ten_en", "summary_vi": "mo_ta", "summary_en": "mo_ta_en",
          "storage_vi": "bao_quan", "ingredients_vi": "thanh_phan"}  # fmt: skip


class Verdict(LabelledEnum):
    """What became of a row."""

    NEW = "new", N_("New")
    CHANGED = "changed", N_("Changed")
    SAME = "same", N_("Unchanged")
    REFUSED = "refused", N_("Refused")


class BadCell(Rejected):
    """A cell that cannot be taken."""

    code = "bad_cell"
    message = N_("Column %(column)s: %(why)s.")


@dataclass(frozen=True)
class Judged:
    """A row of the table by its number there; `why` is a msgid with `params`."""

    number: int
    code: str
    name: str
    verdict: str
    why: str | None = None
    params: Json | None = None
    changes: Sequence[str] = ()


def take(
    session: Session, rows: Sequence[Row], *, now: datetime, actor_id: UUID | None
) -> list[Judged]:
    """Take over every row that can be taken, each in a savepoint of its own. Flushes."""
    seen: set[str] = set()
    judged = []
    for number, row in enumerate(rows, 2):  # the heading is line 1
        code = row.get("ma", "").upper()
        try:
            with session.begin_nested():
                if code in seen:
                    raise BadCell(column="ma", why=N_("stands in the table twice"))
                seen.add(code)
                verdict, changes = _row(session, code, row, now, actor_id)
            judged.append(Judged(number, code, row["ten"], verdict.value, changes=changes))
        except DomainError as error:
            why = error.message, dict(error.params)
            judged.append(Judged(number, code, row["ten"], Verdict.REFUSED.value, *why))
    return judged


def _row(
    session: Session, code: str, row: Row, now: datetime, actor_id: UUID | None
) -> tuple[Verdict, list[str]]:
    if not _CODE.fullmatch(code):
        raise BadCell(column="ma", why=N_("is no code of capital letters, digits and . _ -"))
    if not row["ten"]:
        raise BadCell(column="ten", why=N_("is empty"))
    known = session.scalar(
        select(Sku).filter_by(code=code).options(joinedload(Sku.product).joinedload(Product.skus))
    )
    if known is None:
        _new(session, code, row, now, actor_id)
        return Verdict.NEW, []
    changes = _change(session, known, row, now, actor_id)
    return (Verdict.CHANGED if changes else Verdict.SAME), changes


def _new(session: Session, code: str, row: Row, now: datetime, actor_id: UUID | None) -> None:
    shelf = session.scalar(select(Category).filter_by(slug=row["ke"]))
    if shelf is None:
        raise BadCell(column="ke", why=N_("names no shelf"))
    maker = _maker(session, row)
    product = products.draft(
        session,
        Texts(**_texts(row, None)),
        producer=maker,
        category=shelf,
        area_text=maker.area_text if maker else None,
        now=now,
        actor_id=actor_id,
    )
    unit = row.get("don_vi") or None
    if unit not in (None, *(u.value for u in Unit)):
        raise BadCell(column="don_vi", why=N_("is none of g, ml and piece"))
    sku = products.add_sku(
        session,
        product,
        code=code,
        gtin=row.get("ma_vach") or None,
        name_vi=row["quy_cach"] or row["ten"],
        name_en=None,
        net_content=_number(row, "khoi_luong"),
        net_unit=Unit.parse(unit) if unit else None,
        now=now,
        actor_id=actor_id,
    )
    _price(session, sku, row, now, actor_id)


def _maker(session: Session, row: Row) -> Producer | None:
    slug = row.get("nha_san_xuat")
    if not slug:
        return None
    maker = session.scalar(select(Producer).filter_by(slug=slug))
    if maker is None:
        raise BadCell(column="nha_san_xuat", why=N_("names no producer"))
    return maker


def _texts(row: Row, product: Product | None) -> dict[str, Any]:
    """The texts of a row; an empty cell or a missing column leaves what is known."""
    known = {field.name: getattr(product, field.name, None) for field in fields(Texts)}
    given = {name: row[column] for name, column in _TEXTS.items() if row.get(column)}
    return known | given


def _change(
    session: Session, sku: Sku, row: Row, now: datetime, actor_id: UUID | None
) -> list[str]:
    product, texts = sku.product, _texts(row, sku.product)
    changes = [_TEXTS.get(n, n) for n, value in texts.items() if getattr(product, n) != value]
    if changes:
        products.revise(session, product, Texts(**texts), now=now, actor_id=actor_id)
    if _price(session, sku, row, now, actor_id):
        changes.append("gia")
    return changes


def _price(session: Session, sku: Sku, row: Row, now: datetime, actor_id: UUID | None) -> bool:
    amount, day = _number(row, "gia"), local_day(now)
    if amount is None:
        return False
    before = pricing.prices(session, [sku.id], PriceChannel.WEB, day).get(sku.id)
    if before is not None and before.amount == amount:
        return False
    pricing.set_price(session, sku, amount, valid_from=day, now=now, actor_id=actor_id)
    return True


def _number(row: Row, column: str) -> int | None:
    text = row.get(column, "")
    if not text:
        return None
    bare = re.sub(r"[.,\s](?=\d{3}(\D|$))", "", text)
    if not bare.isascii() or not bare.isdigit() or len(bare) > 10 or int(bare) == 0:
        raise BadCell(column=column, why=N_("is no whole number above zero"))
    return int(bare)


def as_json(judged: Sequence[Judged]) -> Json:
    """To be kept as the answer of the act."""
    return {"rows": [asdict(row) for row in judged]}


def from_json(result: Json) -> list[Judged]:
    """What `as_json` kept."""
    return [Judged(**row) for row in result["rows"]]
