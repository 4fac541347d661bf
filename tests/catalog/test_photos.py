"""Photographs of products: described, in order, in sizes for the pages, and gone when removed."""

import io
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.outbox import OutboxJob
from builders import BY_NOBODY, NOW, add_photo, make_product, picture_bytes
from catalog import files, photo_files, photos
from catalog.errands import drop_files, make_sizes
from catalog.files import FileTooLarge
from catalog.models import Product
from catalog.offer_models import Photo, PhotoState
from catalog.photo_files import NotAPicture, judge
from catalog.photos import Alt, PhotoKnown, TooManyPhotos, Undescribed

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def words(session: Session, product: Product) -> list[str]:
    return [photo.alt_vi for photo in photos.of_product(session, product.id)]


def shown(session: Session, product: Product) -> list[str]:
    rows = session.execute(photos.of_product_query(product.id))
    return [view.alt_vi for view in photos.views(rows)]


def made(session: Session, product: Product, folder: Path, width: int = 900) -> Photo:
    """A photograph whose sizes are made."""
    content = picture_bytes((width, width // 2), shade=width % 250)
    photo = add_photo(session, product, content, alt=Alt(f"Ảnh {width}"))
    files.keep(folder, judge(content).accepted)
    session.commit()
    make_sizes(folder, {"photo": str(photo.id)})
    session.expire_all()
    return photo


def test_what_hides_behind_a_picture_is_not_kept() -> None:
    content = judge(picture_bytes() + b"<script>alert(1)</script>PK\x03\x04").accepted.content
    assert b"script" not in content
    assert b"PK\x03\x04" not in content[-200:]


@pytest.mark.parametrize("content", [b"", PDF, b"<svg onload='x'/>", b"GIF89a" + bytes(40)])
def test_only_pictures_are_taken(content: bytes) -> None:
    with pytest.raises(NotAPicture):
        judge(content)


def test_a_picture_that_unpacks_to_too_much_is_refused() -> None:
    out = io.BytesIO()
    Image.new("1", (9_000, 9_000)).save(out, "PNG")
    with pytest.raises(NotAPicture):
        judge(out.getvalue())
    with pytest.raises(FileTooLarge):
        judge(picture_bytes() + bytes(files.MAX_BYTES))


def test_a_photograph_without_words_is_refused(session: Session) -> None:
    product = make_product(session)
    with pytest.raises(Undescribed):
        add_photo(session, product, alt=Alt(" \t"))
    photo = add_photo(session, product)
    with pytest.raises(Undescribed):
        photos.describe(session, photo, Alt(""), **BY_NOBODY)


def test_photographs_change_places_and_stop_at_the_ends(session: Session) -> None:
    product = make_product(session)
    one, two, three = (add_photo(session, product, alt=Alt(name)) for name in "123")
    photos.move(session, three, up=True, **BY_NOBODY)
    assert words(session, product) == ["1", "3", "2"]
    photos.move(session, one, up=False, **BY_NOBODY)
    assert words(session, product) == ["3", "1", "2"]
    photos.move(session, three, up=True, **BY_NOBODY)
    photos.move(session, two, up=False, **BY_NOBODY)
    assert words(session, product) == ["3", "1", "2"]


def test_one_that_is_added_after_a_removal_stands_last(session: Session) -> None:
    product = make_product(session)
    one, _two = (add_photo(session, product, alt=Alt(name)) for name in "12")
    photos.remove(session, one, **BY_NOBODY)
    add_photo(session, product, alt=Alt("3"))
    assert words(session, product) == ["2", "3"]


def test_the_same_picture_twice_and_too_many_are_refused(session: Session) -> None:
    product, content = make_product(session), picture_bytes()
    add_photo(session, product, content)
    with pytest.raises(PhotoKnown):
        add_photo(session, product, content)
    for _more in range(photos.MOST - 1):
        add_photo(session, product)
    with pytest.raises(TooManyPhotos):
        add_photo(session, product)


@pytest.mark.parametrize(
    ("width", "widths"),
    [(200, (200,)), (320, (320,)), (900, (320, 640, 900)), (2_000, (320, 640, 1280))],
)
def test_no_size_is_larger_than_the_original(width: int, widths: tuple[int, ...]) -> None:
    assert photo_files.widths_of(width) == widths


def test_every_size_is_written_in_three_kinds(session: Session, tmp_path: Path) -> None:
    photo = made(session, make_product(session), tmp_path)
    assert (photo.state, photo.widths) == (PhotoState.READY, "320 640 900")
    for width in (320, 640, 900):
        for suffix, form in photo_files.FORMATS.items():
            content = photo_files.read(tmp_path, photo.sha256, width, suffix)
            assert content is not None
            with Image.open(io.BytesIO(content)) as image:
                assert (image.format, image.size) == (form.pillow, (width, width // 2))


def test_making_the_sizes_again_changes_nothing(session: Session, tmp_path: Path) -> None:
    photo = made(session, make_product(session), tmp_path)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()}
    make_sizes(tmp_path, {"photo": str(photo.id)})
    photos.try_again(session, photo, now=NOW)
    session.commit()
    make_sizes(tmp_path, {"photo": str(photo.id)})
    session.expire_all()
    assert photo.state is PhotoState.READY
    assert before == {p: p.stat().st_mtime_ns for p in tmp_path.rglob("*") if p.is_file()}


def test_transparency_becomes_white(tmp_path: Path) -> None:
    out = io.BytesIO()
    Image.new("RGBA", (40, 30), (0, 0, 0, 0)).save(out, "PNG")
    key = files.keep(tmp_path, judge(out.getvalue()).accepted)
    photo_files.make(tmp_path, key)
    content = photo_files.read(tmp_path, key, 40, "jpg")
    assert content is not None
    assert Image.open(io.BytesIO(content)).getpixel((20, 15)) == (255, 255, 255)


def test_a_photograph_whose_file_is_gone_failed_and_is_not_shown(
    session: Session, tmp_path: Path
) -> None:
    product = make_product(session)
    photo = add_photo(session, product)
    session.commit()
    make_sizes(tmp_path, {"photo": str(photo.id)})
    session.expire_all()
    assert photo.state is PhotoState.FAILED
    assert shown(session, product) == []


def test_what_became_of_the_sizes_of_a_removed_photograph_is_nobodys_business(
    session: Session, tmp_path: Path
) -> None:
    photo = add_photo(session, make_product(session))
    photos.remove(session, photo, **BY_NOBODY)
    session.commit()
    make_sizes(tmp_path, {"photo": str(photo.id)})
    assert session.scalars(select(Photo)).all() == []


def test_files_go_with_the_last_photograph_that_shows_them(
    session: Session, tmp_path: Path
) -> None:
    one = made(session, make_product(session), tmp_path)
    two = made(session, make_product(session), tmp_path)
    key = {"sha256": one.sha256}
    assert one.sha256 == two.sha256
    photos.remove(session, one, **BY_NOBODY)
    session.commit()
    drop_files(tmp_path, key)
    assert photo_files.read(tmp_path, key["sha256"], 320, "jpg") is not None
    photos.remove(session, two, **BY_NOBODY)
    session.commit()
    drop_files(tmp_path, key)
    drop_files(tmp_path, key)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_the_page_shows_what_is_ready_in_order(session: Session, tmp_path: Path) -> None:
    product = make_product(session)
    add_photo(session, product, alt=Alt("chưa xong"))
    made(session, product, tmp_path, 900)
    last = made(session, product, tmp_path, 400)
    photos.move(session, last, up=True, **BY_NOBODY)
    assert shown(session, product) == ["Ảnh 400", "Ảnh 900"]


def test_the_first_ready_photograph_of_each_product(session: Session, tmp_path: Path) -> None:
    one, two, none = (make_product(session) for _n in range(3))
    add_photo(session, one, alt=Alt("chưa xong"))
    made(session, one, tmp_path, 900)
    made(session, one, tmp_path, 400)
    made(session, two, tmp_path, 640)
    rows = session.execute(photos.first_of([one.id, two.id, none.id]))
    first = photos.first_by_product(rows)
    assert {key: view.alt_vi for key, view in first.items()} == {
        one.id: "Ảnh 900",
        two.id: "Ảnh 640",
    }
    view = first[one.id]
    assert (view.largest, view.height_of(320)) == (900, 160)


def test_only_photographs_of_products_that_are_no_drafts_are_for_everyone(
    session: Session, tmp_path: Path
) -> None:
    draft = made(session, make_product(session), tmp_path, 900)
    public = made(session, make_product(session, publish=True), tmp_path, 400)
    assert not photos.may_be_served(session, draft.sha256, 320)
    assert photos.may_be_served(session, public.sha256, 320)
    assert not photos.may_be_served(session, public.sha256, 640)


def test_a_photograph_leaves_its_errands_and_a_trail(session: Session) -> None:
    photo = add_photo(session, make_product(session))
    photos.remove(session, photo, **BY_NOBODY)
    names = session.scalars(select(OutboxJob.name).order_by(OutboxJob.id)).all()
    assert names == [photos.MAKE_SIZES, photos.DROP_FILES]
