"""Programs of Debian packages that tests/run unpacks into build/tools instead of installing them, so that no service
comes with them. One that is installed serves as well."""
import shutil
from pathlib import Path

from support import programs

FOLDERS = ("usr/sbin", "usr/bin")


def unpacked(package):
    return programs.ROOT / "build" / "tools" / package


def find(package, name):
    """The program's path."""
    installed = shutil.which(name, path=":".join(f"/{folder}" for folder in FOLDERS))
    candidates = [Path(installed)] if installed else []
    candidates += [unpacked(package) / folder / name for folder in FOLDERS]
    found = next((path for path in candidates if path.exists()), None)
    assert found, f"{name} is missing: tests/run unpacks it"
    return str(found)
