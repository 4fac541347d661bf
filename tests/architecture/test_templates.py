"""Every template compiles, and holds nothing that the content policy would refuse."""

import re
from pathlib import Path

import pytest
from flask import Flask

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
NAMES = sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*") if path.is_file())
# Messages are no pages: mail programs know neither our style sheets nor our content policy.
PAGES = [n for n in NAMES if n.endswith((".html", ".svg")) and not n.startswith("email/")]

# An expression may hold ">" and quotes, so tags are looked for with expressions blanked out.
EXPRESSION = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
SCRIPT = re.compile(r"<script\b(?P<attributes>[^>]*)>(?P<content>.*?)</script>", re.DOTALL | re.I)
INLINE = re.compile(r"<[^>]*\s(style|on[a-z]+|hx-on[:\w-]*)\s*=", re.I)
POST_FORM = re.compile(r"<form\b[^>]*method=[\"']?post[^>]*>.*?</form>", re.DOTALL | re.I)
CSRF = re.compile(r"\{\{-?\s*(csrf\(\)|form\.csrf_token|form\.hidden_tag\(\))")


def is_file(script: re.Match[str]) -> bool:
    return "src=" in script["attributes"] and not script["content"].strip()


def is_data(script: re.Match[str]) -> bool:
    """One value for a script or a search engine to read; the browser does not run it."""
    kind = re.search(r'type="application/(ld\+)?json"', script["attributes"])
    return kind is not None and script["content"].strip() == "x"


def source(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


def bare(name: str) -> str:
    return EXPRESSION.sub("x", source(name))


@pytest.mark.parametrize("name", NAMES)
def test_the_template_compiles(name: str, app: Flask) -> None:
    assert app.jinja_env.get_template(name).name == name


@pytest.mark.parametrize("name", PAGES)
def test_no_script_stands_in_the_page(name: str) -> None:
    assert [s[0] for s in SCRIPT.finditer(bare(name)) if not is_file(s) and not is_data(s)] == []


@pytest.mark.parametrize("name", PAGES)
def test_no_style_or_handler_stands_in_the_page(name: str) -> None:
    assert [match[0] for match in INLINE.finditer(bare(name))] == []
    assert "<style" not in bare(name).lower()


@pytest.mark.parametrize("name", PAGES)
def test_every_form_that_changes_something_carries_the_token(name: str) -> None:
    # Blanked expressions keep forms findable; the token itself is an expression, so it is kept.
    kept = EXPRESSION.sub(lambda m: "{{ csrf() }}" if CSRF.match(m[0]) else "x", source(name))
    assert [form for form in POST_FORM.findall(kept) if "{{ csrf() }}" not in form] == []
