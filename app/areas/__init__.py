"""Administrative units through time and where an old unit lies today. May import `app.core` only."""
