from pathlib import Path

from app.epcis.portal import Folder, Parcel
from builders import NOW


def test_a_parcel_is_laid_into_a_folder_of_its_own_once(tmp_path: Path) -> None:
    portal = Folder(tmp_path / "cong")
    parcel = Parcel(NOW, [("lo.csv", b"a;b"), ("lo.jsonld", b"{}")])
    first = portal.hand_over(parcel)
    (Path(first) / "lo.csv").write_bytes(b"taken")
    assert portal.hand_over(parcel) == first
    assert (Path(first) / "lo.csv").read_bytes() == b"taken"
    other = portal.hand_over(Parcel(NOW, [("lo.csv", b"other")]))
    assert other != first
    assert sorted(path.name for path in Path(first).iterdir()) == ["lo.csv", "lo.jsonld"]
