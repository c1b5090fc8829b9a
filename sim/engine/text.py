"""Text for messages."""

from difflib import get_close_matches


def nearest(word: str, known: list[str]) -> str:
    """Return the hint for an unknown name: the nearest known name, else all known names if they are few."""
    close = get_close_matches(word, known, 1, 0.6)
    if close:
        return f"; nearest: {close[0]}"
    return f"; known: {', '.join(known)}" if 0 < len(known) <= 12 else ""
