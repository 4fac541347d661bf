"""Typefaces in a PDF: the letters that are needed of Be Vietnam Pro, and how wide text is."""

import zlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from reportlab.pdfbase.ttfonts import TTFontFile

from traceability.printing.pdf import PdfWriter

REGULAR, BOLD = "BeVietnamPro_400Regular.ttf", "BeVietnamPro_600SemiBold.ttf"
MOST_LETTERS = 256


class FontMissing(FileNotFoundError):
    """A typeface of the sheets is not in the given folder."""

    code = "font_missing"


class TooManyLetters(ValueError):
    """More than 256 different letters on one print."""

    code = "too_many_letters"


class Face:
    """One typeface, cut down to the letters of `text`."""

    def __init__(self, path: Path, text: Iterable[str]) -> None:
        self._font = TTFontFile(str(path))
        # The missing letter stands first: code 0 is nobody's.
        self._letters = [0, *sorted({ord(letter) for letter in text})]
        if len(self._letters) > MOST_LETTERS:
            raise TooManyLetters("one print holds at most 255 different letters")
        self._codes = {chr(letter): b"%02x" % code for code, letter in enumerate(self._letters)}
        self._advances = {chr(letter): self._advance(letter) for letter in self._letters}

    def encoded(self, text: str) -> bytes:
        """The text as a string of the page's content. Raises KeyError for a letter left out."""
        return b"<%b>" % b"".join(map(self._codes.__getitem__, text))

    def width(self, text: str, size: float) -> float:
        """How wide the text is, in the unit of `size`."""
        return sum(map(self._advances.__getitem__, text)) * size / 1000

    def fitted(self, text: str, size: float, width: float) -> str:
        """The text, or as many of its whole words as fit and an ellipsis."""
        if self.width(text, size) <= width:
            return text
        kept = text
        while kept and self.width(kept + "…", size) > width:
            kept = kept[:-1]
        words = kept if text[len(kept)] == " " else kept.rpartition(" ")[0]
        return (words or kept).rstrip() + "…"

    def wrapped(self, text: str, size: float, width: float, most: int) -> list[str]:
        """The text in at most `most` lines, cut with an ellipsis if that is too few."""
        lines: list[str] = []
        for word in text.split():
            longer = f"{lines[-1]} {word}" if lines else word
            if lines and self.width(longer, size) <= width:
                lines[-1] = longer
            else:
                lines.append(word)
        if len(lines) > most:
            lines[most - 1 :] = [" ".join(lines[most - 1 :])]
        return [self.fitted(line, size, width) for line in lines]

    def put(self, writer: PdfWriter) -> int:
        """Write the font; returns the number of its object."""
        program = self._font.makeSubset(self._letters)
        size = b"/Length1 %d/Filter/FlateDecode" % len(program)
        file = writer.stream(size, zlib.compress(program, 9))
        names = zlib.compress(self._unicode(), 9)
        to_unicode = writer.stream(b"/Filter/FlateDecode", names)
        descriptor = writer.put(self._descriptor(file))
        widths = b" ".join(b"%d" % round(self._advance(letter)) for letter in self._letters)
        return writer.put(
            b"<</Type/Font/Subtype/TrueType/BaseFont/%b/FirstChar 0/LastChar %d/Widths[%b]"
            b"/FontDescriptor %d 0 R/ToUnicode %d 0 R>>"
            % (self._name(), len(self._letters) - 1, widths, descriptor, to_unicode)
        )

    def _name(self) -> bytes:
        return b"STAMPS+" + bytes(self._font.name)

    def _descriptor(self, file: int) -> bytes:
        font = self._font
        box = b" ".join(b"%d" % round(side) for side in font.bbox)
        return (
            b"<</Type/FontDescriptor/FontName/%b/Flags 4/FontBBox[%b]/ItalicAngle 0/Ascent %d"
            b"/Descent %d/CapHeight %d/StemV %d/FontFile2 %d 0 R>>"
            % (
                self._name(),
                box,
                round(font.ascent),
                round(font.descent),
                round(font.capHeight),
                round(font.stemV),
                file,
            )
        )

    def _unicode(self) -> bytes:
        """What letter each code is, so that text can be searched and copied."""
        rows = [
            b"<%02x><%b>" % (code, chr(letter).encode("utf-16-be").hex().encode("ascii"))
            for code, letter in enumerate(self._letters)
            if letter
        ]
        blocks = [rows[at : at + 100] for at in range(0, len(rows), 100)]
        maps = b"\n".join(
            b"%d beginbfchar\n%b\nendbfchar" % (len(block), b"\n".join(block)) for block in blocks
        )
        return _CMAP % maps

    def _advance(self, letter: int) -> float:
        return float(self._font.charWidths.get(letter, self._font.defaultWidth))


_CMAP = b"""/CIDInit/ProcSet findresource begin 12 dict begin begincmap
/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def
/CMapName/Adobe-Identity-UCS def/CMapType 2 def
1 begincodespacerange <00><ff> endcodespacerange
%b
endcmap CMapName currentdict/CMap defineresource pop end end
"""


@cache
def find(folder: Path, file: str) -> Path:
    """Where the typeface lies in the folder, in subfolders or not. Raises FontMissing."""
    path = next(folder.rglob(file), None)
    if path is None:
        raise FontMissing(f"{file} is not under {folder}")
    return path
