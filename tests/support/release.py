"""The programs of earlier releases, built from this repository's own history."""
import csv
import os
import shutil
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from support import programs

TABLE = programs.ROOT / "tests" / "data" / "releases.tsv"


@dataclass(frozen=True)
class Release:
    version: str
    commit: str
    newest_migration: str

    @property
    def folder(self):
        return programs.ROOT / "build" / "releases" / self.version

    def build(self):
        """Builds its two programs once; later runs find them."""
        done = self.folder / "build" / self.commit
        if done.exists():
            return
        if _git("cat-file", "-e", f"{self.commit}^{{commit}}").returncode != 0:
            pytest.skip(f"release {self.version} cannot be built: this copy of the repository is without its history")
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        archive = _git("archive", self.commit)
        subprocess.run(["tar", "-x", "-C", self.folder], input=archive.stdout, check=True)
        _run("cmake", "-S", self.folder, "-B", self.folder / "build", "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release",
             "-DGT_TESTS=OFF")
        _run("cmake", "--build", self.folder / "build", "--parallel", "2", "--target", "goldenthread-api",
             "goldenthread-notifier")
        done.touch()

    @contextmanager
    def programs(self):
        """Whatever starts in here is of this release."""
        before = os.environ.get("GT_BUILD_DIR")
        os.environ["GT_BUILD_DIR"] = str(self.folder / "build")
        try:
            yield
        finally:
            if before is None:
                del os.environ["GT_BUILD_DIR"]
            else:
                os.environ["GT_BUILD_DIR"] = before


def releases():
    with open(TABLE, encoding="utf-8", newline="") as table:
        return [Release(**row) for row in csv.DictReader(table, delimiter="\t")]


def _git(*args):
    return subprocess.run(["git", "-c", "safe.directory=*", "-C", programs.ROOT, *args], capture_output=True, check=False)


def _run(*args):
    done = subprocess.run([str(one) for one in args], capture_output=True, text=True,
                          check=False)
    assert done.returncode == 0, f"{args}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
