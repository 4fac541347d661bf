"""Translations: the parts of one language become one catalogue; `check` proves it complete.

Every package keeps its Vietnamese sentences in a file of its own, `app/translations/vi/<part>.po`.
Compile: `python -m app.translate`. Check: `python -m app.translate check`.
"""

import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from app.config import ROOT

FOLDER = ROOT / "app" / "translations" / "vi"
SOURCES = ("app", "catalog", "pos", "traceability", "templates")
KEYWORDS = dict(DEFAULT_KEYWORDS) | {"_l": None, "lazy_gettext": None, "lazy_ngettext": (1, 2)}
NAMED = re.compile(r"%\((\w+)\)")

Texts = tuple[str, ...]


def parts() -> dict[str, Catalog]:
    """The catalogue of every part, by file name."""
    return {path.name: _read(path) for path in sorted(FOLDER.glob("*.po"))}


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale="vi", abort_invalid=True)


def merged(catalogs: dict[str, Catalog]) -> Catalog:
    """One catalogue of all parts; where two translate the same text, the first file counts."""
    whole = Catalog(locale="vi", charset="utf-8")
    for catalog in catalogs.values():
        for message in _messages(catalog):
            if message.id not in whole:
                whole[message.id] = message
    return whole


def compile_all() -> Path:
    """Write the catalogue that the pages read; returns its path."""
    target = FOLDER / "LC_MESSAGES" / "messages.mo"
    target.parent.mkdir(exist_ok=True)
    with target.open("wb") as file:
        write_mo(file, merged(parts()))
    return target


def used() -> dict[Texts, set[str]]:
    """Every marked text (singular, or singular and plural) with the files that use it."""
    found: dict[Texts, set[str]] = {}
    methods, options = _mapping()
    walk = extract_from_dir(
        ROOT,
        methods,
        options,
        keywords=KEYWORDS,
        directory_filter=_is_source,
        strip_comment_tags=True,
    )
    for file, _line, text, _comments, _context in walk:
        found.setdefault(_texts(text), set()).add(file)
    return found


def _mapping() -> tuple[list[tuple[str, str]], dict[str, dict[str, str]]]:
    mappings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["babel"]["mappings"]
    methods = [(entry["pattern"], entry["method"]) for entry in mappings]
    fixed = {"method", "pattern"}
    options = {m["pattern"]: {k: v for k, v in m.items() if k not in fixed} for m in mappings}
    return methods, options


def _is_source(folder: str) -> bool:
    path = Path(folder).resolve()
    return path == ROOT or path.relative_to(ROOT).parts[0] in SOURCES


def _texts(text: str | tuple[str, ...] | list[str] | None) -> Texts:
    return (text,) if isinstance(text, str) else tuple(text or ())


def _messages(catalog: Catalog) -> Iterator[Message]:
    return (message for message in catalog if message.id)


def problems() -> list[str]:
    """Everything that is wrong with the Vietnamese translations, one line each."""
    catalogs, texts = parts(), used()
    known = {_texts(m.id) for catalog in catalogs.values() for m in _messages(catalog)}
    known |= {text[:1] for text in known}  # a translated plural serves the singular alone too
    missing = [
        f"missing: {text[0]!r} ({', '.join(sorted(texts[text]))})"
        for text in sorted(texts.keys() - known)
    ]
    return [*missing, *_twice(catalogs), *_faults(catalogs, texts)]


def _twice(catalogs: dict[str, Catalog]) -> Iterator[str]:
    first: dict[Texts, tuple[str, Texts]] = {}
    for part, catalog in catalogs.items():
        for message in _messages(catalog):
            key, translation = _texts(message.id), _texts(message.string)
            owner, before = first.setdefault(key, (part, translation))
            if before != translation:
                yield f"{part}: {key[0]!r} is translated differently in {owner}"


def _faults(catalogs: dict[str, Catalog], texts: dict[Texts, set[str]]) -> Iterator[str]:
    for part, catalog in catalogs.items():
        for message in _messages(catalog):
            key, translation = _texts(message.id), _texts(message.string)
            if key not in texts:
                yield f"{part}: {key[0]!r} is used nowhere"
            elif not all(translation):
                yield f"{part}: {key[0]!r} is empty"
            elif message.fuzzy:
                yield f"{part}: {key[0]!r} is marked fuzzy"
            elif _names(key) != _names(translation):
                yield f"{part}: {key[0]!r} and its translation differ in their placeholders"


def _names(texts: Texts) -> set[str]:
    return {name for text in texts for name in NAMED.findall(text)}


def main(arguments: list[str]) -> None:
    """Compile, or check with exit code 1 when anything is wrong."""
    if arguments != ["check"]:
        compile_all()
        return
    found = problems()
    for line in found:
        print(line, file=sys.stderr)
    if found:
        sys.exit(f"{len(found)} problems in the translations")
    print(f"All {len(used())} texts are translated.")


if __name__ == "__main__":
    main(sys.argv[1:])
