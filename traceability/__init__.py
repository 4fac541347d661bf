"""Which lot an item is from, and the stamps that prove it: lots, journal, stamps, scans.

It is told from above that a stamp was sold; it never asks who sold it.
"""
