"""Every kind of page is HTML without a fault, by an outside judge; its rules: tests/html."""

import json
import subprocess
from pathlib import Path

from sqlalchemy.orm import Session

from app.content import blocks, news
from app.content.blocks import Content
from app.content.models import BlockKind
from app.content.news import Words
from builders import BY_NOBODY
from support import world
from support.browser import Browser

JUDGE = Path(__file__).parent.parent / "html"

PUBLIC = (
    "/", "/san-pham", "/san-pham?q=nhan&stars=3&sort=cheap", "/san-pham?q=khongcogi",
    "/san-pham/{slug}", "/nha-san-xuat/{maker}", "/diem-ban", "/ban-do", "/xa/xa-hoan-long",
    "/gio-hang", "/don-hang", "/san-pham/{slug}/danh-gia", "/dang-nhap", "/dang-ky", "/tem",
    "/khong-co-gi", "/mua-vu", "/chinh-sach", "/chinh-sach/doi-tra", "/tin-tuc",
    "/tin-tuc/hoi-cho-minh-hoa", "/so-sanh", "/so-sanh?sp={slug}&sp={slug}-2",
)  # fmt: skip


def faults(folder: Path) -> list[str]:
    """What the judge finds in the pages of a folder."""
    program = JUDGE / "node_modules" / "html-validate" / "bin" / "html-validate.mjs"
    # Into a file: the judge leaves before a pipe has taken everything.
    found = folder.parent / "found.json"
    with found.open("w") as out:
        done = subprocess.run(
            ["node", str(program), "--config", str(JUDGE / ".htmlvalidate.json"),
             "--formatter", "json", "--ext", "html", str(folder)],
            stdout=out, stderr=subprocess.PIPE, text=True, timeout=110, check=False,
        )  # fmt: skip
    assert done.returncode in (0, 1), done.stderr
    return [
        f"{Path(page['filePath']).name}:{fault['line']} {fault['ruleId']}: {fault['message']}"
        for page in json.loads(found.read_text())
        for fault in page["messages"]
    ]


def test_the_pages_of_the_shop(session: Session, visitor: Browser, tmp_path: Path) -> None:
    made = world.build(session)
    item = news.draft(session, Words("Hội chợ minh hoạ", "Tóm tắt", "**Chữ**"), **BY_NOBODY)
    news.publish(session, item, **BY_NOBODY)
    for kind in (BlockKind.SEASON, BlockKind.NEW_STARS, BlockKind.NEWS, BlockKind.SHELVES):
        blocks.add(session, kind, Content(), **BY_NOBODY)
    session.commit()
    folder = tmp_path / "pages"
    folder.mkdir()
    for number, path in enumerate(PUBLIC):
        address = path.format(slug=made.slug, maker="htx-hong-nam")
        for language in ("vi", "en"):
            page = visitor.get(address, headers={"Cookie": f"lang={language}"})
            (folder / f"{number:02}-{language}.html").write_text(page.text, encoding="utf-8")
    wrong = faults(folder)
    assert wrong == [], "\n".join(wrong)
