"""The till: registers, sessions, cash, and posting what was sold over the counter."""
