"""`make clean`: stop everything and remove what the project made in its folder; downloads stay in the cache.

Runs on the machine's own Python: nothing but the standard library is there for sure.
"""

import shutil
from pathlib import Path

from setup import paths
from setup.commands import stop
from setup.progress import SetupError, run_main


def main(_arguments: list[str]) -> None:
    """Remove `.local`, saying how much that was.

    Raises SetupError when something still runs or a file cannot be removed.
    """
    if paths.LOCAL.exists():
        stop.main([])
        size = _size(paths.LOCAL)
        try:
            shutil.rmtree(paths.LOCAL)
        except OSError as error:
            raise SetupError(f"{error}; what is left in {paths.LOCAL} may need root to remove") from error
        print(f"Removed {paths.LOCAL} ({size / 1e6:,.0f} MB)")
    if paths.CACHE.exists():
        print(f"Kept the downloads in {paths.CACHE}")


def _size(folder: Path) -> int:
    return sum(path.lstat().st_size for path in folder.rglob("*") if not path.is_dir())


if __name__ == "__main__":
    run_main(main)
