"""Files that are kept outside the database: what they may be, where they are, and that none is left behind."""
