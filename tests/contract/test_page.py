"""The documentation page and the pages of errors: by the W3C's validator, and by axe-core in a real browser."""
import json
import shutil

from support import node, programs

PAGES = ("/docs", "/errors", "/errors/stale_version")
VALIDATOR = programs.ROOT / "tests" / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"


def test_the_validator_of_the_w3c_finds_nothing(api, tmp_path):
    files = []
    for page in PAGES:
        files.append(tmp_path / f"{page.strip('/').replace('/', '-')}.html")
        files[-1].write_text(api.get(page).text, encoding="utf-8")
    assert shutil.which("java"), "java is missing: tests/run installs it"
    node.run(shutil.which("java"), "-jar", VALIDATOR, "--Werror", *files)


def test_axe_finds_nothing_and_the_pages_stand_alone(api):
    browser = shutil.which("chromium")
    assert browser, "chromium is missing: tests/run installs it"
    said = json.loads(node.run("node", programs.ROOT / "tests" / "support" / "judge_page.mjs", browser,
                               *(api.url + page for page in PAGES)).splitlines()[-1])
    assert said["faults"] == []
    assert said["rules"] > 15
