"""How messages tell people to install the packages that a part of the library needs."""

# `datalake` is another project's name on package indexes: docs/decisions has the reason.
DISTRIBUTION = "film-datalake"
# By its name once it is on an index; until then nobody could install it so.
INSTALL = "pip install '.[local]' in a clone of the project"
