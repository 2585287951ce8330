"""The pages that `make screenshots` takes pictures of, and what has to be there before."""
