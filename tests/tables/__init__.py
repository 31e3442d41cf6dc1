"""/export: what comes out of it, who gets it, and what it takes."""
