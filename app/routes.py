"""The addresses of the application as text, for people and for the test that pins them."""

from flask import Flask
from werkzeug.routing import Rule

OPEN = "-"


def permission_of(app: Flask, endpoint: str) -> str | None:
    """Name of the permission that the endpoint declares with `requires`, if any."""
    permission = getattr(app.view_functions[endpoint], "permission", None)
    return None if permission is None else str(permission)


def listing(app: Flask) -> list[str]:
    """One line per rule: methods, path, endpoint, permission; sorted by path."""
    return sorted((_line(app, rule) for rule in app.url_map.iter_rules()), key=_path)


def _line(app: Flask, rule: Rule) -> str:
    methods = ",".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
    return f"{methods} {rule.rule} {rule.endpoint} {permission_of(app, rule.endpoint) or OPEN}"


def _path(line: str) -> tuple[str, str]:
    methods, path, _rest = line.split(" ", 2)
    return path, methods
