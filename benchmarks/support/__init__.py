"""What the benchmarks share; the benchmarks themselves are the files beside this folder."""
