"""The parts of the add-ons that need no Odoo are tested without one.

Python runs a package's ``__init__.py`` before it imports what is inside, and an add-on's imports
Odoo. So the add-on is entered as a bare package that only knows its folder.
"""

import sys
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).parents[2]


def _enter_bare_package(name: str) -> None:
    package = ModuleType(name)
    package.__path__ = [str(ROOT / name)]
    sys.modules.setdefault(name, package)


_enter_bare_package("escala_mail_sync")
