"""Ask a service of known vulnerabilities about every locked package; `./dev audit` runs it.

Exit 0: asked, and none is known. 3: some are known. 5: no service could be asked, so nothing is
known either way. `--service osv` asks osv.dev instead of the package index.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
FILES = ("core.txt", "test.txt", "peers.txt", "mutate.txt")
NONE, KNOWN, UNASKED = 0, 3, 5


def main(words: list[str]) -> int:
    """Audit file by file; the worst answer counts, and not having asked is worse than none."""
    codes = [audit(HERE / name, words) for name in FILES]
    return KNOWN if KNOWN in codes else max(codes)


def audit(file: Path, words: list[str]) -> int:
    """One lock file's packages, exactly as pinned."""
    with tempfile.NamedTemporaryFile(suffix=".json") as out:
        command = [sys.executable, "-m", "pip_audit", "-r", str(file), "--no-deps", "--disable-pip"]
        command += ["--require-hashes", "--progress-spinner", "off", "-f", "json", "-o", out.name]
        done = subprocess.run([*command, *words], capture_output=True, text=True, check=False)
        text = Path(out.name).read_text(encoding="utf-8")
    return verdict(file.name, text, done.stderr)


def verdict(name: str, text: str, said: str) -> int:
    """What an answer means; says it."""
    try:
        packages = json.loads(text)["dependencies"]
    except (ValueError, LookupError):
        why = ([line for line in said.splitlines() if line.strip()] or ["no answer"])[-1]
        print(f"{name}: NOT AUDITED, no service of vulnerabilities could be asked: {why[:200]}")
        return UNASKED
    unknown = [one["name"] for one in packages if "skip_reason" in one]
    found = [(one["name"], one["version"], v) for one in packages for v in one.get("vulns", ())]
    for package, version, fault in found:
        fixed = ", ".join(fault.get("fix_versions", ())) or "no release yet"
        print(f"{name}: {package} {version}: {fault['id']}, mended in {fixed}")
    if unknown and not found:
        print(f"{name}: NOT AUDITED: the service does not know {', '.join(unknown[:8])} …")
        return UNASKED
    if not found:
        print(f"{name}: {len(packages)} packages, no vulnerability known")
    return KNOWN if found else NONE


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
