"""The addresses are pinned: a page that appears, moves or loses its guard is a decision."""

from difflib import unified_diff
from pathlib import Path

from flask import Flask

from app.routes import listing, permission_of

PINNED = Path(__file__).with_name("routes.txt")
STAFF = ("/quan-ly", "/pos")


def test_the_addresses_are_the_ones_on_the_list(app: Flask) -> None:
    known, now = PINNED.read_text(encoding="utf-8").splitlines(), listing(app)
    changes = [
        line
        for line in unified_diff(known, now, lineterm="", n=0)
        if line[:2] not in {"--", "++", "@@"}
    ]
    assert not changes, (
        "addresses changed; if they should, write the new list with "
        "`python -m app.cli routes > tests/architecture/routes.txt`:\n" + "\n".join(changes)
    )


def test_every_page_of_the_staff_declares_its_permission(app: Flask) -> None:
    open_rules = [
        f"{rule.rule} ({rule.endpoint})"
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith(STAFF) and permission_of(app, rule.endpoint) is None
    ]
    assert open_rules == []
