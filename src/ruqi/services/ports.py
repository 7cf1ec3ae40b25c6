"""What the services ask of the outside. Ports live with the asker."""

from collections.abc import Callable

# progress(step, done, total): `total` is None where it cannot be known.
Progress = Callable[[str, int, int | None], None]


def silent(_step: str, _done: int, _total: int | None) -> None:
    """Progress that nobody watches."""
