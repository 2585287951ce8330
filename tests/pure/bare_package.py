"""Enter the parts of an add-on that need no Odoo without importing one."""

import sys
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).parents[2]


def enter(name: str) -> None:
    """Make the modules of an add-on importable as ``name.module``.

    Python runs a package's ``__init__.py`` before it imports what is inside, and an add-on's
    imports Odoo. So the add-on is entered as a bare package that only knows its folder.
    """
    package = ModuleType(name)
    package.__path__ = [str(ROOT / name)]
    sys.modules.setdefault(name, package)
