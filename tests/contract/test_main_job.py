"""The main job by Redocly Respect: it runs the flow against the live server and holds each answer to the document."""
import json

from support import node, programs

FLOW = programs.ROOT / "tests" / "contract" / "main-job.arazzo.yaml"


def test_a_client_gets_from_import_to_the_completed_action(api, alice, tmp_path):
    said = node.run("redocly", "respect", FLOW, "--server", f"golden-thread={api.url}",
                    "--input", json.dumps({"key": alice.token}), "--json-output", tmp_path / "log.json")
    assert alice.token not in said
    log = json.loads((tmp_path / "log.json").read_text(encoding="utf-8"))
    (flow,) = log["files"].values()
    assert flow["totalTimeMs"] > 0
    steps = [step for workflow in flow["executedWorkflows"] for step in workflow["executedSteps"]]
    assert len(steps) == FLOW.read_text(encoding="utf-8").count("stepId:")
    assert {check["status"] for step in steps for check in step["checks"]} == {"success"}
    assert {"schema-check", "status-code-check"} <= {check["name"].lower().replace(" ", "-") for step in steps for check in step["checks"]}
