"""Styles, scripts, fonts and drawings, packed where the browser can unpack them.

Names in `static/dist` change with their content, so browsers may keep those files for ever.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from wsgiref.headers import Headers

from whitenoise import WhiteNoise

HOUR = 3600


def with_static_files(app: Any, folder: Path, headers: Mapping[str, str]) -> WhiteNoise:
    """The application behind a server of the files below `folder`, under `/static`."""

    def mark(sent: Headers, path: str, _url: str) -> None:
        for name, value in headers.items():
            sent[name] = value

    def never_changes(path: str, _url: str) -> bool:
        return Path(path).parent.name == "dist" and not path.endswith("manifest.json")

    server = WhiteNoise(
        app, max_age=HOUR, add_headers_function=mark, immutable_file_test=never_changes
    )
    for part in ("dist", "img"):
        server.add_files(str(folder / part), prefix=f"static/{part}")
    return server
