"""What clients look for in their lists."""


def read_search(text: str) -> str:
    """Return what was typed into the field of a search, without NUL, which PostgreSQL's texts cannot have."""
    return text.replace("\0", "").strip()
