"""`make bench ARGS=…`: every benchmarks/*.py, or those whose name begins as the first word says."""

import os
import subprocess
import sys
from pathlib import Path

from setup import paths, postgres
from setup.progress import SetupError, run_main

FOLDER = paths.PROJECT / "benchmarks"


def main(arguments: list[str]) -> int:
    """Run the benchmarks one after the other; the status is 1 when any of them ends with another than 0.

    What follows the name goes to each of them: `make bench ARGS="sync --messages 100"`.
    Raises SetupError when there is no benchmark with such a name.
    """
    chosen, options = _choose(arguments)
    failed = []
    with postgres.running() as server:
        for benchmark in chosen:
            print(f"\nBenchmark {benchmark.stem}", flush=True)
            command = [sys.executable, str(benchmark), *options]
            if subprocess.run(command, env={**os.environ, **server.environment()}).returncode:
                failed.append(benchmark.stem)
    if failed:
        print(f"\nFailed: {', '.join(failed)}", file=sys.stderr, flush=True)
    return 1 if failed else 0


def _choose(arguments: list[str]) -> tuple[list[Path], list[str]]:
    """Return the benchmarks to run and the options for them."""
    benchmarks = {path.stem: path for path in sorted(FOLDER.glob("*.py"))}
    if not arguments or arguments[0].startswith("-"):
        return list(benchmarks.values()), arguments
    start, *options = arguments
    chosen = [path for name, path in benchmarks.items() if name.startswith(start)]
    if not chosen:
        raise SetupError(f"there is no benchmark “{start}”, but: {', '.join(benchmarks)}")
    return chosen, options


if __name__ == "__main__":
    run_main(main)
