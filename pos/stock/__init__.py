"""The ledger: places, movements, balances, reservations.

It knows its takers by a text reference only.
"""
