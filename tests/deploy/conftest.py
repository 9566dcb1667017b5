"""What the tests of deploy/ share."""
import pytest

from support.docker import Docker


@pytest.fixture(scope="session")
def docker():
    """A Docker of the tests' own, with every image that the compose files name."""
    one = Docker()
    try:
        one.make_images()
        yield one
    finally:
        one.stop()
