"""Kernel at the bottom, storefront near the top, and the wiring of everything together.

Kept empty: Python runs this file before any import of `app.core`, so code here would load the world.
"""
