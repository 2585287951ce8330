"""One module per command of the Makefile, run in the project's own Python environment."""
