"""What pages say to machines, judged from outside: by schema.org's terms and search engines' wishes."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.areas.loading import load
from app.content import news
from app.content.news import Words
from builders import BY_NOBODY, make_review, make_sku
from catalog.models import Sku
from support import world
from support.browser import Browser

JUDGE = Path(__file__).parent.parent / "html"
PAGES = (
    "/", "/san-pham", "/san-pham?category={shelf}", "/san-pham/{slug}", "/nha-san-xuat/htx-hong-nam",
    "/diem-ban", "/ban-do", "/xa/xa-hoan-long", "/tin-tuc/hoi-cho-minh-hoa",
)  # fmt: skip
# Things that goods of this shop do not have, or that nobody has entered yet (tests/html/README.md).
UNASKED = (
    *(
        f'Missing field "{name}" (optional)'
        for name in (
            "aggregateRating", "audience", "color", "gtin", "inProductGroupWithID", "isVariantOf",
            "material", "mpn", "pattern", "review", "size", "sku", "subjectOf", "handlingTime",
        )
    ),
    'Missing one of field "gtin"',
    "One of the following conditions needs to be met: Missing field \"addressRegion\"",
)  # fmt: skip


def judged(folder: Path) -> list[str]:
    """What the judge finds in the pages of a folder, without what it is not asked."""
    done = subprocess.run(
        ["node", str(JUDGE / "structured.mjs"), str(folder)],
        capture_output=True, text=True, timeout=110, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return [
        f"{fault['page']} {fault['type']}: {fault['message']}"
        for fault in found
        if fault["severity"] == "ERROR" or not fault["message"].startswith(UNASKED)
    ]


def test_every_kind_of_page_says_it_rightly(
    session: Session, visitor: Browser, tmp_path: Path
) -> None:
    load(session)
    made = world.build(session)
    sku = session.get_one(Sku, made.sku_id)
    make_review(session, sku)
    make_sku(session, product=sku.product, price=600_000)
    item = news.draft(session, Words("Hội chợ minh hoạ", "Tóm tắt", "**Chữ**"), **BY_NOBODY)
    news.publish(session, item, **BY_NOBODY)
    shelf = sku.product.category.slug
    session.commit()
    for number, path in enumerate(PAGES):
        address = path.format(slug=made.slug, shelf=shelf)
        for language in ("vi", "en"):
            page = visitor.get(address, headers={"Cookie": f"lang={language}"})
            assert page.status_code == 200, address
            (tmp_path / f"{number:02}-{language}.html").write_text(page.text, encoding="utf-8")
    wrong = judged(tmp_path)
    assert wrong == [], "\n".join(wrong)


GOOD: dict[str, Any] = {
    "@type": "Product",
    "name": "Long nhãn",
    "image": "https://example.com/a.jpg",
    "offers": {
        "@type": "Offer",
        "price": 100_000,
        "priceCurrency": "VND",
        "availability": "https://schema.org/InStock",
    },
}


def said(folder: Path, node: dict[str, Any]) -> list[str]:
    text = json.dumps({"@context": "https://schema.org", "@graph": [node]})
    page = f'<html><body><script type="application/ld+json">{text}</script></body></html>'
    (folder / "sample.html").write_text(page, encoding="utf-8")
    return [fault for fault in judged(folder) if "(optional)" not in fault]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"name": None}, "name"),
        ({"taste": "sweet"}, "taste"),
        ({"offers": GOOD["offers"] | {"price": None}}, "price"),
        (
            {"offers": GOOD["offers"] | {"shippingDetails": {"@type": "OfferShippingDetails"}}},
            "deliveryTime",
        ),
        ({"hasCertification": {"@type": "Certification"}}, "name"),
        ({"hasCertification": {"@type": "Certification", "stars": 4, "name": "x"}}, "stars"),
    ],
)
def test_the_judge_sees_what_is_wrong(
    tmp_path: Path, change: dict[str, Any], expected: str
) -> None:
    assert said(tmp_path, GOOD) == []
    broken = {key: value for key, value in (GOOD | change).items() if value is not None}
    assert any(expected in fault for fault in said(tmp_path, broken))


def test_the_judge_demands_something_to_judge(tmp_path: Path) -> None:
    (tmp_path / "empty.html").write_text("<html><body></body></html>", encoding="utf-8")
    assert judged(tmp_path) == ["empty.html : no structured data"]
