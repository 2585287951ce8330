"""Odoo's own program as a file: with several workers, it starts a further process by the path of what was started
(odoo/service/server.py, `long_polling_spawn`), which `python -m odoo` does not survive.
"""

import sys

sys.path.pop(0)  # this folder, where odoo.py is another one

from odoo.cli.command import main

main()
