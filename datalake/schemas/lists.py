"""How sources write several values into one cell: by comma, with or without blanks around it.

Scope reads genres in Python and Trusted reads them in Spark. Both use this rule: otherwise a title
could be asked for and then be missing from the answers.
"""

import re

SEPARATOR = " *, *"
"""A regular expression that means the same to Python and to Java; blanks at the ends go too."""


def split_list(cell: str) -> list[str]:
    """The values in a cell, in order."""
    return re.split(SEPARATOR, cell.strip(" "))
