"""How to install what a part of the library needs: messages tell it."""

# `datalake` is another project's name on package indexes: docs/decisions has the reason.
DISTRIBUTION = "film-datalake"
INSTALL = f"pip install '{DISTRIBUTION}[local]'"
