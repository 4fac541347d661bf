"""Every text that people see has its Vietnamese translation."""

from pathlib import Path

import pytest

from app import translate


def part(folder: Path, name: str, body: str) -> None:
    head = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'
    (folder / name).write_text(head + body, encoding="utf-8")


def test_no_vietnamese_translation_is_missing_or_wrong() -> None:
    assert translate.problems() == []


def test_every_kind_of_fault_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    part(tmp_path, "a.po", 'msgid "Cart"\nmsgstr ""\n\n#, fuzzy\nmsgid "Sell"\nmsgstr "Bán"\n')
    part(tmp_path, "b.po", 'msgid "Never used"\nmsgstr "x"\n\nmsgid "Sell"\nmsgstr "Bán hàng"\n')
    part(tmp_path, "c.po", 'msgid "%(n)s items"\nmsgstr "%(m)s món"\n')
    monkeypatch.setattr(translate, "FOLDER", tmp_path)
    texts = {("Cart",): {"x"}, ("Sell",): {"x"}, ("%(n)s items",): {"x"}, ("Stock",): {"y"}}
    monkeypatch.setattr(translate, "used", lambda: texts)
    assert translate.problems() == [
        "missing: 'Stock' (y)",
        "b.po: 'Sell' is translated differently in a.po",
        "a.po: 'Cart' is empty",
        "a.po: 'Sell' is marked fuzzy",
        "b.po: 'Never used' is used nowhere",
        "c.po: '%(n)s items' and its translation differ in their placeholders",
    ]


def test_texts_are_found_in_modules_and_templates() -> None:
    used = translate.used()
    assert "app/errors.py" in used["Nothing here",]
    assert "templates/_layout/base.html" in used["Skip to the content",]
