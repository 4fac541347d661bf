"""A PDF written from front to back, page by page, in constant memory.

Only what stamps need: one size of paper, one set of fonts and forms for all pages, one stream a
page. Pages hang in groups below the root, so that a million of them stay quick to open. The same
pages give the same bytes. A file that was cut off can be gone on with after its last whole page.
"""

import re
from array import array
from collections.abc import Sequence
from typing import BinaryIO

GROUP = 256  # pages below one node of the tree
CATALOG, ROOT, INFO, RESOURCES = 1, 2, 3, 4
FIRST_FREE = 5
POINTS = 72 / 25.4

_HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
_STREAM = re.compile(rb"(\d+) 0 obj\n<</Length (\d+)/Filter/FlateDecode>>\nstream\n")
_END = b"\nendstream\nendobj\n"
_LONGEST_HEAD = 80


class PdfWriter:
    """Objects in the order they are written; `page` for each page, `finish` at the end."""

    def __init__(self, out: BinaryIO, paper: tuple[float, float]) -> None:
        self._out = out
        self._paper = paper
        self._offsets = array("Q", bytes(8 * FIRST_FREE))
        self._groups: list[int] = []
        self._kids: list[int] = []
        self._at = 0
        self.pages = 0
        self._raw(_HEADER)

    def reserve(self) -> int:
        """The number of an object that is written later."""
        self._offsets.append(0)
        return len(self._offsets) - 1

    def put(self, body: bytes, number: int | None = None) -> int:
        """Write an object; returns its number."""
        number = self.reserve() if number is None else number
        self._offsets[number] = self._at
        self._raw(b"%d 0 obj\n%b\nendobj\n" % (number, body))
        return number

    def stream(self, head: bytes, data: bytes) -> int:
        """Write a stream; `head` are the entries of its dictionary besides the length."""
        start = b"<</Length %d%b>>\nstream\n" % (len(data), head)
        return self.put(start + data + b"\nendstream")

    def page(self, deflated: bytes) -> None:
        """Write a page whose content is deflated already."""
        self._begin_group()
        self._hang(self.stream(b"/Filter/FlateDecode", deflated))

    def finish(self, title: bytes, language: bytes) -> None:
        """Write what only the end knows. `title` is text as UTF-16 with its mark."""
        self._close_group()
        width, height = (side * POINTS for side in self._paper)
        kids = b" ".join(b"%d 0 R" % group for group in self._groups)
        self.put(
            b"<</Type/Pages/Count %d/MediaBox[0 0 %.3f %.3f]/Resources %d 0 R/Kids[%b]>>"
            % (self.pages, width, height, RESOURCES, kids),
            ROOT,
        )
        said = b"/Lang(%b)/ViewerPreferences<</DisplayDocTitle true>>" % language
        self.put(b"<</Type/Catalog/Pages %d 0 R%b>>" % (ROOT, said), CATALOG)
        self.put(b"<</Title<%b>>>" % title.hex().encode("ascii"), INFO)
        self._xref()

    def adopt(self, most: int) -> int:
        """Go on after the whole pages that stand behind what is written so far, at most `most`.

        Returns how many; what follows them is cut off.
        """
        while self.pages < most and (size := self._whole_page()) is not None:
            self._begin_group()
            self._offsets.append(self._at)
            self._at += size
            self._out.seek(self._at)
            self._hang(len(self._offsets) - 1)
        self._out.seek(self._at)
        self._out.truncate()
        return self.pages

    def _whole_page(self) -> int | None:
        """Bytes of the stream that begins here; None unless it and its page are complete."""
        expected = len(self._offsets) + (1 if self.pages % GROUP == 0 else 0)
        head = _STREAM.match(self._out.read(_LONGEST_HEAD))
        if head is None or int(head[1]) != expected:
            return None
        size = head.end() + int(head[2]) + len(_END)
        group = expected - 1 if self.pages % GROUP == 0 else self._groups[-1]
        tail = _END + b"%d 0 obj\n%b\nendobj\n" % (expected + 1, _leaf(group, expected))
        self._out.seek(self._at + size - len(_END))
        return size if self._out.read(len(tail)) == tail else None

    def _begin_group(self) -> None:
        if self.pages % GROUP == 0:
            self._close_group()
            self._groups.append(self.reserve())

    def _hang(self, content: int) -> None:
        self._kids.append(self.put(_leaf(self._groups[-1], content)))
        self.pages += 1
        if self.pages % GROUP == 0:
            self._close_group()

    def _close_group(self) -> None:
        if self._kids:
            kids = b" ".join(b"%d 0 R" % kid for kid in self._kids)
            body = b"<</Type/Pages/Parent %d 0 R/Count %d/Kids[%b]>>"
            self.put(body % (ROOT, len(self._kids), kids), self._groups[-1])
            self._kids = []

    def _xref(self) -> None:
        start, count = self._at, len(self._offsets)
        self._raw(b"xref\n0 %d\n0000000000 65535 f \n" % count)
        for first in range(1, count, 4096):
            self._raw(_rows(self._offsets[first : first + 4096]))
        self._raw(
            b"trailer\n<</Size %d/Root %d 0 R/Info %d 0 R>>\nstartxref\n%d\n%%%%EOF\n"
            % (count, CATALOG, INFO, start)
        )

    def _raw(self, data: bytes) -> None:
        self._out.write(data)
        self._at += len(data)


def _leaf(group: int, content: int) -> bytes:
    return b"<</Type/Page/Parent %d 0 R/Contents %d 0 R>>" % (group, content)


def _rows(offsets: Sequence[int]) -> bytes:
    return b"".join(b"%010d 00000 n \n" % offset for offset in offsets)


def text_string(text: str) -> bytes:
    """Text as PDF wants it outside of pages."""
    return b"\xfe\xff" + text.encode("utf-16-be")
