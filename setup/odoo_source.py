"""Odoo 19 itself: one that is there already, else Debian's package, unpacked into the project.

Order: `ESCALA_ODOO` (the folder of a source tree), an `odoo` that Python can import already, the download.
"""

import os
import shutil
import subprocess
from pathlib import Path

from setup import debian, paths
from setup.progress import SetupError, run, step

PACKAGE = "odoo-19"
# Odoo's static files are relative links into these packages. Font Awesome has to be the version 4 of
# Debian 12: later ones name their glyphs differently.
STATIC = {
    "bookworm": [
        "libjs-jquery",
        "libjs-underscore",
        "libjs-jquery-form",
        "fonts-font-awesome",
        "fonts-inconsolata",
        "fonts-ocr-b",
        "fonts-roboto-unhinted",
    ],
    "sid": ["fonts-montserrat"],
}
# Debian leaves this file out; the web client only wants it to exist (it blurs video calls).
LEFT_OUT = "odoo/addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js"


def ensure(python: str) -> None:
    """Make `import odoo` give Odoo 19 in the project's Python environment."""
    given = os.environ.get("ESCALA_ODOO")
    if given:
        _link(_package_folder(Path(given)))
    elif not _imports_odoo_19(python):
        if not (paths.ODOO / "complete").exists():
            _unpack()
        _link(paths.ODOO / "usr/lib/python3/dist-packages/odoo")
    if not _imports_odoo_19(python):
        raise SetupError("`import odoo` does not give Odoo 19; see .local/logs/import-odoo.log")


def _package_folder(given: Path) -> Path:
    for folder in (given / "odoo", given):
        if (folder / "release.py").exists():
            return folder.resolve()
    raise SetupError(f"ESCALA_ODOO={given}: there is no odoo/release.py")


def _link(package: Path) -> None:
    """Point the environment's import path at this `odoo`, and at nothing else that lies beside it."""
    link = paths.local(paths.ODOO_IMPORT) / "odoo"
    if link.is_symlink() and link.resolve() == package.resolve():
        return
    link.unlink(missing_ok=True)
    link.symlink_to(package)
    [site_packages] = paths.VENV.glob("lib/python3*/site-packages")
    (site_packages / "escala-odoo.pth").write_text(f"{paths.ODOO_IMPORT}\n")


def _imports_odoo_19(python: str) -> bool:
    check = "import odoo.release, sys; sys.exit(odoo.release.version_info[0] != 19)"
    with (paths.local(paths.LOGS) / "import-odoo.log").open("wb") as log:
        return not subprocess.run([python, "-c", check], stdout=log, stderr=log, cwd="/").returncode


def _unpack() -> None:
    cache = paths.CACHE / "debian"
    if not list(cache.glob(f"{PACKAGE}_*.deb")):
        with step("downloading Odoo 19 from Debian (130 MB)"):
            debian.download({**STATIC, "sid": [PACKAGE, *STATIC["sid"]]}, cache)
    shutil.rmtree(paths.ODOO, ignore_errors=True)
    with step("unpacking Odoo 19"):
        for package in sorted(cache.glob("*.deb")):
            run(["dpkg-deb", "--extract", str(package), str(paths.local(paths.ODOO))], "unpack")
    left_out = paths.ODOO / "usr/lib/python3/dist-packages" / LEFT_OUT
    left_out.parent.mkdir(parents=True, exist_ok=True)
    left_out.touch()
    (paths.ODOO / "complete").touch()
