"""What people send: judged by content, drawn anew, kept by hash."""

import io
from pathlib import Path

import pytest
from PIL import Image

from catalog import files
from catalog.files import FileMissing, FileTooLarge, WrongFileType, accept, keep, read

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def picture(kind: str = "JPEG", size: tuple[int, int] = (40, 30), **options: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "green").save(out, kind, **options)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_pictures_are_told_by_their_content(kind: str) -> None:
    assert accept(picture(kind)).media_type == files.MEDIA_TYPES[kind]


def test_a_pdf_is_kept_as_it_is() -> None:
    accepted = accept(PDF)
    assert (accepted.media_type, accepted.content) == ("application/pdf", PDF)


def test_what_hides_behind_a_picture_is_gone() -> None:
    polyglot = picture() + b"<script>alert(1)</script>PK\x03\x04"
    assert b"script" not in accept(polyglot).content


def test_where_a_photograph_was_taken_is_gone() -> None:
    exif = Image.Exif()
    exif[0x010E] = "home address"
    assert b"home address" not in accept(picture(exif=exif)).content


def test_a_turned_photograph_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    turned = accept(picture(size=(40, 20), exif=exif))
    assert Image.open(io.BytesIO(turned.content)).size == (20, 40)


@pytest.mark.parametrize(
    "content",
    [b"", b"<svg onload='x'/>", b"GIF89a" + bytes(40), b"%PDF-1.7 cut off", b"MZ" + bytes(90)],
)
def test_anything_else_is_refused(content: bytes) -> None:
    with pytest.raises(WrongFileType):
        accept(content)


def test_a_picture_that_unpacks_to_too_much_is_refused() -> None:
    out = io.BytesIO()
    Image.new("1", (9_000, 9_000)).save(out, "PNG")
    with pytest.raises(WrongFileType):
        accept(out.getvalue())


def test_too_many_bytes_are_refused() -> None:
    with pytest.raises(FileTooLarge):
        accept(PDF + bytes(files.MAX_BYTES))


def test_the_same_content_is_kept_once_and_read_back(tmp_path: Path) -> None:
    first, second = keep(tmp_path, accept(PDF)), keep(tmp_path, accept(PDF))
    assert first == second
    assert [p.name for p in tmp_path.rglob("*") if p.is_file()] == [first]
    assert read(tmp_path, first) == PDF


def test_a_changed_or_missing_file_is_not_served(tmp_path: Path) -> None:
    key = keep(tmp_path, accept(PDF))
    (tmp_path / key[:2] / key).write_bytes(b"%PDF-forged %%EOF")
    for wanted in (key, "0" * 64, "../../etc/passwd"):
        with pytest.raises(FileMissing):
            read(tmp_path, wanted)
