"""Who is acting: users, grants, sign-in, audit. May import `app.core` only."""
