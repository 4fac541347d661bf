#!/usr/bin/env python3
"""Checks that the history of a lot is what it was on the day of a signed anchor.

Usage: verify_anchor.py PROOF.json [PUBLIC_KEY_HEX]

PROOF.json comes from the page of the anchors. It needs nothing but Python; the signature is checked
as well when the package `cryptography` is installed. Give the public key as you noted it on an
earlier day: the one inside the file could have been changed along with everything else.
"""

import hashlib
import json
import sys

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
except ImportError:
    Ed25519PublicKey = None


def sha256(data):
    return hashlib.sha256(data).digest()


def digest(values):
    return hashlib.sha256(json.dumps(values, ensure_ascii=False).encode()).hexdigest()


def check_history(proof):
    """Each entry is hashed with the one before it; of withheld ones only the hash is told."""
    lot, number, mark = proof["line"].split(" ")
    previous = "0" * 64
    for count, entry in enumerate(proof["entries"], start=1):
        content = entry.get("content")
        if content is None:
            print(f"note: entry {count} is not public, its content is not shown")
        elif content[:2] != [lot, count] or digest(content) != entry["content_hash"]:
            return f"entry {count} was changed"
        if digest([entry["content_hash"], previous]) != entry["hash"]:
            return f"entry {count} does not follow the one before"
        previous = entry["hash"]
        if count == int(number):
            return None if previous == mark else "the history ends otherwise than the anchor says"
    return "entries are missing"


def check_path(proof):
    found = sha256(b"\0" + proof["line"].encode())
    for side, other in proof["path"]:
        beside = bytes.fromhex(other)
        found = sha256(b"\1" + (beside + found if side == "left" else found + beside))
    return None if found.hex() == proof["anchor"]["root"] else "the lot does not lead to the root"


def check_signature(proof, public_key):
    if Ed25519PublicKey is None:
        print("note: signature not checked, the package cryptography is missing")
        return None
    anchor = proof["anchor"]
    text = "phohien-anchor-1\n{day}\n{lots}\n{root}\n{previous}\n".format(**anchor)
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
        key.verify(bytes.fromhex(anchor["signature"]), text.encode())
    except (InvalidSignature, ValueError):
        return "the signature is not right"
    return None


def main(arguments):
    if not arguments:
        print(__doc__)
        return 2
    with open(arguments[0], encoding="utf-8") as file:
        proof = json.load(file)
    public_key = arguments[1] if len(arguments) > 1 else proof["anchor"]["public_key"]
    faults = [check_history(proof), check_path(proof), check_signature(proof, public_key)]
    for fault in filter(None, faults):
        print("WRONG:", fault)
    if not any(faults):
        print("OK: the history is what it was on", proof["anchor"]["day"])
    return 1 if any(faults) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
