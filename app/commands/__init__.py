"""Commands of the operator, one module per topic. Entry points: they own their transactions."""
