"""What a benchmark prints: both sides' times, and the lines `RATIO name=value` and `MEMORY name=MB`."""

import statistics
from collections.abc import Sequence

from benchmarks.support.sides import Timing

QUIET = 1.5  # a side's rounds differ by less than this factor when the machine does nothing else


def print_ratio(
    name: str, unit: str, sizes: Sequence[int], base: Timing, other: Timing, goal: str = ""
) -> None:
    """Print how many times as fast as the first side the other one was over rounds of these sizes.

    The ratio is that of the median rates: other work of the machine that falls on a round of one side only
    does not count.
    """
    print(f"\n{'':<24}{'seconds':>9}{'processor':>11}{unit + '/s':>12}   round by round")
    rates = []
    for timing in (base, other):
        rates.append([size / spent for size, spent in zip(sizes, timing.seconds, strict=True)])
        total = sum(timing.seconds)
        print(
            f"{timing.title:<24}{total:>9.2f}{sum(timing.work):>11.2f}{sum(sizes) / total:>12.1f}  "
            f"{_columns(rates[-1])}"
        )
    ratios = [theirs / its for its, theirs in zip(*rates, strict=True)]
    ratio = statistics.median(rates[1]) / statistics.median(rates[0])
    work_ratio = sum(base.work) / sum(other.work)
    print(f"{'times as fast':<24}{ratio:>9.2f}{work_ratio:>11.2f}{'':14}{_columns(ratios)}")
    warn_of_noise(*rates)
    print_line("RATIO", name, ratio, goal)


def print_line(word: str, name: str, value: float, goal: str = "") -> None:
    """Print the line that tells the result, after what it should be."""
    print(f"\n{f'The goal is {goal}:' if goal else ''}\n{word} {name}={value:.2f}", flush=True)


def warn_of_noise(*rounds: Sequence[float]) -> None:
    """Say so when the rounds of a side differ more than on a machine that does nothing else."""
    scatter = max(max(values) / min(values) for values in rounds)
    if scatter > QUIET:
        print(f"\nThe machine has other work: rounds differ by a factor of {scatter:.1f}; better run again.")


def _columns(values: Sequence[float]) -> str:
    return "".join(f"{value:8.1f}" for value in values)
