"""The project's Python environment: what Odoo, the add-ons and their tests import, and nothing global."""

import hashlib
import importlib.util
import os
import subprocess
import sys

from setup import paths
from setup.progress import SetupError, run, step

OLDEST_PYTHON = (3, 10)
REQUIREMENTS = (
    paths.PROJECT / "setup/requirements-odoo.txt",
    paths.PROJECT / "requirements.txt",
    paths.PROJECT / "setup/requirements-test.txt",
)
CONSTRAINTS = paths.PROJECT / "setup/constraints.txt"


def debian_packages() -> tuple[str, ...]:
    """Return what Debian has to add so that this Python can make environments (it splits `venv` off)."""
    complete = importlib.util.find_spec("ensurepip") and importlib.util.find_spec("venv")
    return () if complete else ("python3-venv",)


def ensure() -> str:
    """Make or refresh the environment and return its interpreter's path."""
    if sys.version_info < OLDEST_PYTHON:
        raise SetupError(f"Python {'.'.join(map(str, OLDEST_PYTHON))} or newer is needed")
    python = paths.VENV / "bin/python"
    stamp = paths.VENV / "installed"
    if python.exists() and stamp.exists() and stamp.read_text() == _fingerprint():
        return str(python)
    if not python.exists():
        with step("making a Python environment"):
            site = ["--system-site-packages"] if _has_system_odoo() else []
            run([sys.executable, "-m", "venv", *site, str(paths.local(paths.VENV))], "venv")
    with step("installing Python packages"):
        requirements = [part for file in REQUIREMENTS for part in ("--requirement", str(file))]
        run(
            [str(python), "-m", "pip", "install", *requirements, "--constraint", str(CONSTRAINTS)],
            "pip",
            env={**os.environ, "PIP_CACHE_DIR": str(paths.CACHE / "pip")},
        )
    stamp.write_text(_fingerprint())
    return str(python)


def _has_system_odoo() -> bool:
    check = [sys.executable, "-c", "import odoo.release"]
    return not subprocess.run(check, capture_output=True, cwd="/").returncode


def _fingerprint() -> str:
    content = b"".join(file.read_bytes() for file in (*REQUIREMENTS, CONSTRAINTS))
    return hashlib.sha256(content + sys.version.encode()).hexdigest()
