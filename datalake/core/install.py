"""How messages tell people to install the packages that a part of the library needs."""

# `datalake` is another project's name on package indexes: docs/decisions has the reason.
DISTRIBUTION = "film-datalake"
INSTALL = f"pip install '{DISTRIBUTION}[local]'"
