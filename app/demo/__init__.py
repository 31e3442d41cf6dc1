"""Demo schools and load data: made from a seed, loaded by COPY."""
