"""A source of titles of the tests' own: toy.tsv, one row per film, with one artist."""
