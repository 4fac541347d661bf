"""The kernel: database, types, money, text, errors. It knows no business noun and imports no one."""
