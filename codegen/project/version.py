"""The name and the version of this distribution, as pyproject.toml has them.

Written here too, for `importlib.metadata` takes longer to load than a hundred tables to write.
"""

from typing import Final

DISTRIBUTION: Final = "tablewright"
VERSION: Final = "0.1.0"
