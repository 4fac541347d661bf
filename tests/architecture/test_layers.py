"""What import-linter cannot see, read from the syntax of every module."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("app", "catalog", "pos", "traceability")
WEB = ("flask", "werkzeug", "wtforms")
# Where the web may be known, besides the top modules of `app`, its commands and every view.
WEB_MODULES = {
    "app/accounts/guards.py",
    "app/api/serving.py",
    "app/epcis/serving.py",
    "app/storefront/badge.py",
    "app/storefront/compared.py",
    "app/storefront/voucher_tries.py",  # the address and the visitor that try
    "app/storefront/facet_names.py",
    "app/storefront/head.py",
    "app/storefront/news_head.py",
    "app/core/forgery.py",
    "app/core/page_cache.py",
    "app/core/page_memo.py",
    "app/core/web.py",
    "app/core/templating.py",
    "app/core/forms.py",
    "pos/aftersales/sent.py",  # pictures and numbers that a form brings
    "pos/sales/holding.py",  # whose order a browser may see
    "traceability/entry_files.py",  # files that are sent and handed out
    "traceability/inspect_texts.py",  # the sentences of the inspector's script
    "traceability/looking.py",  # whether a person asks, with which phone, about where
    "traceability/print_words.py",  # what stands on sheets, in their language
    "traceability/guarding.py",  # the address that asks, and the answer when it asks too often
    "traceability/resolver_answers.py",  # headers and redirects
    "traceability/resolver_levels.py",  # addresses of our own pages
    "pos/counter/texts.py",  # the sentences of the till's script, in the language of the request
}
MODULES = sorted(
    path.relative_to(ROOT)
    for package in PACKAGES
    for path in (ROOT / package).rglob("*.py")
    if "migrations" not in path.parts
)


def tree(path: Path) -> ast.Module:
    return ast.parse((ROOT / path).read_text(encoding="utf-8"))


def imported(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    if isinstance(node, ast.ImportFrom) and node.module:
        yield node.module


def may_know_the_web(path: Path) -> bool:
    is_top = path.parts[0] == "app" and (len(path.parts) == 2 or path.parts[1] == "commands")
    is_page = path.stem.endswith(("views", "api", "forms"))
    return is_top or is_page or str(path) in WEB_MODULES


@pytest.mark.parametrize("path", [p for p in MODULES if p.name == "__init__.py"], ids=str)
def test_a_package_file_holds_a_docstring_only(path: Path) -> None:
    body = tree(path).body
    assert ast.get_docstring(tree(path)), "say what the package owns and what it may import"
    assert len(body) == 1


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_every_import_stands_at_the_top(path: Path) -> None:
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    inside = [
        f"line {inner.lineno}"
        for outer in ast.walk(tree(path))
        if isinstance(outer, functions)
        for inner in ast.walk(outer)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]
    assert inside == []


@pytest.mark.parametrize("path", [p for p in MODULES if not may_know_the_web(p)], ids=str)
def test_rules_of_the_business_know_no_web(path: Path) -> None:
    names = [name for node in ast.walk(tree(path)) for name in imported(node)]
    web = [n for n in names if n.split(".")[0] in WEB or n.startswith("flask_")]
    assert web == []


@pytest.mark.parametrize("path", [p for p in MODULES if str(p) != "app/core/db.py"], ids=str)
def test_only_the_transaction_commits(path: Path) -> None:
    commits = [
        f"line {node.lineno}"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr == "commit"
    ]
    assert commits == []


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_a_file_is_short_enough_to_read(path: Path) -> None:
    assert len((ROOT / path).read_text(encoding="utf-8").splitlines()) <= 400
