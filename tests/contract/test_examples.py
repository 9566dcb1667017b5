"""The examples of the documentation are real answers: the program still gives them for the plan of St Helens.

GT_RECORD=1 writes what the program gives now to api/examples/ instead; look at the difference before you commit it."""
import json
import os

import pytest

from support import examples
from support.examples import STORY

RECORD = bool(os.environ.get("GT_RECORD"))


@pytest.mark.parametrize("step", STORY, ids=[step.file.stem for step in STORY])
def test_the_example_is_what_the_program_answers(step, recorder):
    found = recorder.record(step)
    if RECORD:
        step.file.parent.mkdir(exist_ok=True)
        step.file.write_text(examples.text_of(found), encoding="utf-8")
    assert found == json.loads(step.file.read_text(encoding="utf-8"))


def test_every_operation_has_an_example_and_no_other(document):
    operations = {node["operationId"] for item in document["paths"].values() for node in item.values()
                  if isinstance(node, dict) and "operationId" in node}
    assert {step.operation for step in STORY} == operations
    assert {step.file.name for step in STORY} == {path.name for path in examples.FOLDER.glob("*")}
