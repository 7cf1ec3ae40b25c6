"""Print the pins of the first lock file that the second one does not already hold."""

import re
import sys
from pathlib import Path


def pins(path: str) -> list[str]:
    """Each pin with its hashes and comments, as one text a pin."""
    return re.findall(r"^[A-Za-z0-9].*?(?=^[A-Za-z0-9]|\Z)", Path(path).read_text(), re.M | re.S)


held = {pin.split(" \\")[0] for pin in pins(sys.argv[2])}
print("".join(pin for pin in pins(sys.argv[1]) if pin.split(" \\")[0] not in held), end="")
