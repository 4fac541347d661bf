"""Vouchers and promotions: what is taken off, for whom, how often, and who bears it."""
