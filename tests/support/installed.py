"""The release build, installed as `cmake --install` installs it, and the judges that tests/run unpacks."""
import os
import shutil
import subprocess

from support import programs

RELEASE = programs.ROOT / "build" / "release"


def unpacked(package, program):
    """A program of a Debian package: the installed one, or the one that tests/run unpacked into build/tools."""
    found = shutil.which(program) or programs.ROOT / "build" / "tools" / package / "usr" / "bin" / program
    assert os.access(found, os.X_OK), f"{program} is missing: tests/run unpacks it from {package}"
    return str(found)


def command(*words, status=0, **how):
    """Runs a tool to its end; gives all that it said."""
    done = subprocess.run([str(word) for word in words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                          encoding="utf-8", timeout=900, check=False, **how)
    assert status is None or done.returncode == status, f"{words}: exit status {done.returncode}\n{done.stdout}"
    return done.stdout


def install(folder):
    """Builds the release if that has not happened yet, and installs it below a folder as for the prefix /usr."""
    command("cmake", "--preset", "release", "-DCMAKE_INSTALL_PREFIX=/usr", cwd=programs.ROOT)
    command("cmake", "--build", "--preset", "release", "--parallel", "2", cwd=programs.ROOT)
    command("cmake", "--install", RELEASE, env={**os.environ, "DESTDIR": str(folder)})
    return folder
