from traceability import gs1


def test_everything_that_callers_need_is_in_one_place() -> None:
    address = gs1.digital_link("https://id.example.vn", gs1.demo_gtin(1), "S1")
    assert gs1.parse_uri(address).canonical == "https://id.gs1.org/01/09520000000011/21/S1"
