"""deploy/kubernetes by what Kubernetes says of itself: its schemas, kubectl's kustomize, the pod security standard "restricted"."""
import copy
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from support import node, programs

FOLDER = programs.ROOT / "deploy" / "kubernetes"
JUDGE = Path(__file__).with_name("judge_kubernetes.mjs")
# https://kubernetes.io/docs/concepts/security/pod-security-standards/: what a volume may be.
VOLUMES = {"configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret"}


def documents(text):
    return [one for one in yaml.safe_load_all(text) if one]


@pytest.fixture(scope="module")
def built():
    """What kubectl apply -k would send."""
    kubectl = shutil.which("kubectl", path=f"/usr/bin:{programs.ROOT}/build/tools/kubernetes-client/usr/bin")
    assert kubectl, "kubectl is missing: run tests/run once, it fetches it"
    done = subprocess.run([kubectl, "kustomize", FOLDER], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return documents(done.stdout)


@pytest.fixture(scope="module")
def examples():
    return [one for path in sorted((FOLDER / "example").glob("*.yaml")) for one in documents(path.read_text(encoding="utf-8"))]


def faults(objects):
    done = subprocess.run([node.command("node"), JUDGE], input=json.dumps(objects), capture_output=True, text=True, timeout=60,
                          check=False, env=node.environment())
    assert done.returncode in (0, 3), done.stderr
    return done.stdout


def of_kind(objects, *kinds):
    return [one for one in objects if one["kind"] in kinds]


def pods(objects):
    return [(one["metadata"]["name"], one["spec"]["template"]) for one in of_kind(objects, "Deployment", "Job")]


def test_every_object_fits_its_schema(built, examples):
    assert {one["kind"] for one in built} >= {"Namespace", "ConfigMap", "Deployment", "Service", "PodDisruptionBudget", "NetworkPolicy",
                                              "Job", "HorizontalPodAutoscaler"}
    assert {one["kind"] for one in examples} == {"Secret", "Cluster"}
    assert faults(built + examples) == ""


@pytest.mark.parametrize("kind, change", [
    ("Deployment", lambda one: one["spec"].update(replicas="two")),
    ("Deployment", lambda one: one["spec"].pop("selector")),
    ("Deployment", lambda one: one["spec"]["template"]["spec"]["containers"][0].pop("name")),
    ("NetworkPolicy", lambda one: one["spec"].update(policyTypes="Egress")),
    ("HorizontalPodAutoscaler", lambda one: one["spec"].pop("maxReplicas"))])
def test_the_judge_sees_what_is_wrong(built, kind, change):
    wrong = copy.deepcopy(of_kind(built, kind)[0])
    change(wrong)
    assert kind in faults([wrong])


def test_every_field_is_one_that_the_schema_knows(built, examples):
    """The schemas let unknown fields pass; a misspelt one would do nothing. Those of the models' types are all there are."""
    source = node.TESTS / "node_modules"
    known = set()
    for package in ("kubernetes-models", "@kubernetes-models/apimachinery", "@kubernetes-models/cloudnative-pg"):
        for path in (source / package).rglob("*.d.ts"):
            known |= set(re.findall(r'^\s*"?([A-Za-z][\w-]*)"?\??:', path.read_text(encoding="utf-8"), re.MULTILINE))
    free = {"labels", "matchLabels", "data", "stringData", "annotations", "limits", "requests", "parameters", "podSelector"}

    def unknown(value, where):
        if isinstance(value, list):
            return [fault for one in value for fault in unknown(one, where)]
        if not isinstance(value, dict):
            return []
        return [fault for name, one in value.items() for fault in
                ([] if name in known or "/" in name else [f"{where}.{name}"]) + ([] if name in free else unknown(one, f"{where}.{name}"))]
    assert len(known) > 500
    assert [fault for one in built + examples for fault in unknown(one, one["kind"])] == []


def test_pods_are_what_the_restricted_standard_allows(built):
    assert len(pods(built)) == 3
    for name, pod in pods(built):
        spec = pod["spec"]
        assert spec["securityContext"]["runAsNonRoot"] and spec["securityContext"]["runAsUser"] > 0, name
        assert spec["securityContext"]["seccompProfile"]["type"] == "RuntimeDefault", name
        assert spec["automountServiceAccountToken"] is False, name
        assert not {"hostNetwork", "hostPID", "hostIPC"} & set(spec), name
        assert {kind for volume in spec["volumes"] for kind in set(volume) - {"name"}} <= VOLUMES, name
        for container in spec["containers"]:
            rights = container["securityContext"]
            assert rights == {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}}, name
            assert container["resources"]["requests"] and container["resources"]["limits"]["memory"], name
            assert not {"hostPort"} & {word for port in container.get("ports", []) for word in port}, name


def test_names_lead_somewhere(built, examples):
    labels = {name: pod["metadata"]["labels"] for name, pod in pods(built)}
    secrets = {one["metadata"]["name"]: one["stringData"] for one in of_kind(examples, "Secret")}
    maps = {one["metadata"]["name"] for one in of_kind(built, "ConfigMap")}

    def chosen(selector):
        return [name for name, given in labels.items() if selector.items() <= given.items()]
    for one in of_kind(built, "Service", "PodDisruptionBudget", "NetworkPolicy", "Deployment"):
        selector = one["spec"].get("selector", one["spec"].get("podSelector"))
        found = chosen(selector.get("matchLabels", selector))
        assert found and (one["kind"] == "NetworkPolicy" or found == [one["metadata"]["name"]]), one["metadata"]["name"]
    for name, pod in pods(built):
        container = pod["spec"]["containers"][0]
        secret = next(volume["secret"]["secretName"] for volume in pod["spec"]["volumes"] if "secret" in volume)
        assert secret == name
        for variable in container.get("env", []):
            if variable["name"].endswith("_FILE"):
                assert Path(variable["value"]).name in secrets[secret], variable
        assert {source["configMapRef"]["name"] for source in container.get("envFrom", [])} <= maps
        assert container["image"] == f"registry.council.example/goldenthread-{'notifier' if 'notifier' in name else 'api'}:0.1.0"


def test_both_programs_are_there_twice_and_probed(built):
    scaled = {one["spec"]["scaleTargetRef"]["name"]: one["spec"]["minReplicas"] for one in of_kind(built, "HorizontalPodAutoscaler")}
    for one in of_kind(built, "Deployment"):
        name = one["metadata"]["name"]
        assert (one["spec"].get("replicas") or scaled[name]) == 2
        container = one["spec"]["template"]["spec"]["containers"][0]
        assert {"startupProbe", "livenessProbe", "readinessProbe"} <= set(container)


def test_settings_are_those_of_the_programs(built):
    helped = {name: programs.run(name, "--help").stdout for name in ("goldenthread-api", "goldenthread-notifier")}
    settings = of_kind(built, "ConfigMap")[0]["data"]
    assert all(name in helped["goldenthread-notifier"] for name in settings)
    for name, pod in pods(built):
        container = pod["spec"]["containers"][0]
        program = "goldenthread-notifier" if "notifier" in name else "goldenthread-api"
        for variable in container.get("env", []):
            assert f" {variable['name'].removesuffix('_FILE')} " in helped[program], variable
