"""Our settings with one language more, which is read from right to left: the layout's proof, not a translation."""

import os
from pathlib import Path

from network.settings import *  # noqa: F403
from network.settings import LANGUAGES, LOCALE_PATHS

LANGUAGES = [*LANGUAGES, ("ar", "العربية")]
LOCALE_PATHS = [*LOCALE_PATHS, Path(os.environ["PSEUDO_LOCALE"])]
