"""How far a long work is, told to whoever watches; light, so that every door may import it."""

from collections.abc import Callable

# progress(step, done, total): `total` is None where it cannot be known.
Progress = Callable[[str, int, int | None], None]


def silent(_step: str, _done: int, _total: int | None) -> None:
    """Progress that nobody watches."""
