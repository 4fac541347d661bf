"""Links that hand a page on, and the chat of a telephone number. Plain addresses, no script."""

from urllib.parse import quote

ZALO = "https://zalo.me"


def zalo_chat(phone: str | None) -> str | None:
    """The Zalo chat of a telephone number, if there is a number."""
    digits = "".join(c for c in phone or "" if c.isascii() and c.isdigit())
    return f"{ZALO}/{digits}" if digits else None


def share_links(url: str) -> list[tuple[str, str]]:
    """(name of the network, address) for handing on the page at `url`."""
    target = quote(url, safe="")
    return [
        ("Zalo", f"{ZALO}/share?url={target}"),
        ("Facebook", f"https://www.facebook.com/sharer/sharer.php?u={target}"),
    ]
