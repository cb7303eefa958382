"""Cuts the published schemas down to what Warmline's provisioner and manifests touch, into the JSON
beside this file.

    uv run --no-project --with kubernetes-validate==1.37.0 --with kubernetes==37.0.1 \
        --with cloudcoil-models-keda==2.16.1.0 python tests/fakes/kubernetes_schemas/cut.py

The definitions are those of Kubernetes' own OpenAPI document, as kubernetes-validate carries them:
turned into JSON Schema, unknown fields refused. The operations (path, verb, query, content types)
are read from the official client's code, which is generated from the same document's paths. KEDA's
ScaledObject comes from models generated from its CRD. Descriptions are left out.
"""

import ast
import importlib
import importlib.metadata
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

HERE: Final = Path(__file__).parent
# What requests carry and answers hold, and what the manifests are made of.
KINDS: Final = (
    "io.k8s.api.apps.v1.Deployment",
    "io.k8s.api.autoscaling.v1.Scale",
    "io.k8s.api.autoscaling.v2.HorizontalPodAutoscaler",
    "io.k8s.api.batch.v1.Job",
    "io.k8s.api.core.v1.ConfigMap",
    "io.k8s.api.core.v1.Namespace",
    "io.k8s.api.core.v1.PersistentVolumeClaim",
    "io.k8s.api.core.v1.Pod",
    "io.k8s.api.core.v1.PodList",
    "io.k8s.api.core.v1.Secret",
    "io.k8s.api.core.v1.Service",
    "io.k8s.api.core.v1.ServiceAccount",
    "io.k8s.api.networking.v1.NetworkPolicy",
    "io.k8s.api.policy.v1.PodDisruptionBudget",
    "io.k8s.api.rbac.v1.Role",
    "io.k8s.api.rbac.v1.RoleBinding",
    "io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions",
    "io.k8s.apimachinery.pkg.apis.meta.v1.Status",
)
# The client's method -> the RBAC verb it needs and the definition its body must fit.
OPERATIONS: Final = {
    ("core_v1_api", "list_namespaced_pod"): ("list", "pods", None),
    ("core_v1_api", "patch_namespaced_pod"): ("patch", "pods", "io.k8s.api.core.v1.Pod"),
    ("core_v1_api", "delete_namespaced_pod"): (
        "delete",
        "pods",
        "io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions",
    ),
    ("core_v1_api", "read_namespaced_pod_log"): ("get", "pods/log", None),
    ("apps_v1_api", "read_namespaced_deployment"): ("get", "deployments", None),
    ("apps_v1_api", "read_namespaced_deployment_scale"): ("get", "deployments/scale", None),
    ("apps_v1_api", "patch_namespaced_deployment_scale"): (
        "patch",
        "deployments/scale",
        "io.k8s.api.autoscaling.v1.Scale",
    ),
    ("autoscaling_v2_api", "read_namespaced_horizontal_pod_autoscaler"): (
        "get",
        "horizontalpodautoscalers",
        None,
    ),
    ("autoscaling_v2_api", "patch_namespaced_horizontal_pod_autoscaler"): (
        "patch",
        "horizontalpodautoscalers",
        "io.k8s.api.autoscaling.v2.HorizontalPodAutoscaler",
    ),
}
REF: Final = "/api/_definitions.json#/$defs/"


def definitions(published: Mapping[str, Any]) -> dict[str, Any]:
    """The kinds and all that they refer to, each reference pointing into one document."""
    kept: dict[str, Any] = {}
    queue = list(KINDS)
    while queue:
        name = queue.pop()
        if name not in kept:
            kept[name] = _bare(published[name])
            queue.extend(_references(kept[name]))
    return dict(sorted(kept.items()))


def operation(module: str, method: str) -> dict[str, Any]:
    """One request as the client makes it: its verb, path, query parameters and content types."""
    source = Path(
        str(importlib.import_module(f"kubernetes.client.api.{module}").__file__)
    ).read_text(encoding="utf-8")
    wanted = f"_{method}_serialize"
    function = next(
        n
        for n in ast.walk(ast.parse(source))
        if isinstance(n, ast.FunctionDef) and n.name == wanted
    )
    found: dict[str, Any] = {"query": [], "content_types": []}
    for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
        name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
        if name == "param_serialize":
            words = {each.arg: each.value for each in call.keywords}
            found |= {
                "method": ast.literal_eval(words["method"]),
                "path": ast.literal_eval(words["resource_path"]),
            }
        elif name == "select_header_content_type":
            found["content_types"] = ast.literal_eval(call.args[0])
        elif name == "append" and ast.unparse(call.func).startswith("_query_params"):
            pair = call.args[0]
            assert isinstance(pair, ast.Tuple)
            found["query"].append(ast.literal_eval(pair.elts[0]))
    return found


def scaled_object() -> dict[str, Any]:
    """KEDA's ScaledObject as a schema that refuses unknown fields; `metadata` is any object's."""
    spec = importlib.import_module("cloudcoil.models.keda.v1alpha1").ScaledObjectSpec
    defs = {
        name: _strict(_bare(each))
        for name, each in spec.model_json_schema(by_alias=True)["$defs"].items()
    }
    whole = _strict(_bare(spec.model_json_schema(by_alias=True)))
    del whole["$defs"]
    top = {
        "type": "object",
        "required": ["apiVersion", "kind", "spec"],
        "additionalProperties": False,
        "properties": {
            "apiVersion": {"enum": ["keda.sh/v1alpha1"]},
            "kind": {"enum": ["ScaledObject"]},
            "metadata": {"$ref": "#/$defs/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"},
            "spec": whole,
            "status": {"type": "object"},
        },
    }
    prefix = "sh.keda.v1alpha1."
    moved = json.loads(
        json.dumps(
            {"sh.keda.v1alpha1.ScaledObject": top, **{prefix + k: v for k, v in defs.items()}}
        )
    )
    return {name: _moved(each, set(defs), prefix) for name, each in sorted(moved.items())}


def _moved(node: Any, names: set[str], prefix: str) -> Any:
    if isinstance(node, dict):
        reference = node.get("$ref")
        if isinstance(reference, str) and reference.removeprefix("#/$defs/") in names:
            return {**node, "$ref": f"#/$defs/{prefix}{reference.removeprefix('#/$defs/')}"}
        return {key: _moved(value, names, prefix) for key, value in node.items()}
    return [_moved(each, names, prefix) for each in node] if isinstance(node, list) else node


def _bare(node: Any, *, names: bool = False) -> Any:
    """Without descriptions; under `properties` and `$defs` the keys are names,
    and may well be `description`.
    """
    if isinstance(node, dict):
        kept = {
            key: value
            for key, value in node.items()
            if names or key not in {"description", "title", "$schema"}
        }
        bare = {
            key: _bare(value, names=not names and key in {"properties", "$defs"})
            for key, value in kept.items()
        }
        if isinstance(bare.get("$ref"), str):
            bare["$ref"] = bare["$ref"].replace(REF, "#/$defs/")
        return bare
    return [_bare(each) for each in node] if isinstance(node, list) else node


def _strict(node: Any) -> Any:
    if isinstance(node, dict):
        strict = {key: _strict(value) for key, value in node.items()}
        if isinstance(node.get("properties"), dict) and node.get("type") == "object":
            strict["additionalProperties"] = False
        return strict
    return [_strict(each) for each in node] if isinstance(node, list) else node


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(reference := node.get("$ref"), str):
            yield reference.removeprefix("#/$defs/")
        for value in node.values():
            yield from _references(value)
    elif isinstance(node, list):
        for each in node:
            yield from _references(each)


def _write(name: str, document: Mapping[str, Any]) -> None:
    """One definition or operation a line: a change of version shows what changed."""
    parts = []
    for key, value in document.items():
        if isinstance(value, dict):
            lines = ",\n".join(
                f"{json.dumps(k)}: {json.dumps(v, sort_keys=True)}" for k, v in value.items()
            )
            parts.append(f"{json.dumps(key)}: {{\n{lines}\n}}")
        else:
            parts.append(f"{json.dumps(key)}: {json.dumps(value)}")
    (HERE / name).write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8")


def main() -> None:
    """Write kubernetes.json and keda.json."""
    release = importlib.metadata.version("kubernetes-validate")
    package = Path(str(importlib.import_module("kubernetes_validate").__file__)).parent
    folder = package / "kubernetes-json-schema" / f"v{release}-local-strict"
    published = json.loads((folder / "_definitions.json").read_text(encoding="utf-8"))["$defs"]
    operations = {
        method: {**operation(module, method), "verb": verb, "resource": resource, "body": body}
        for (module, method), (verb, resource, body) in OPERATIONS.items()
    }
    client = importlib.metadata.version("kubernetes")
    licence = "Apache-2.0, The Kubernetes Authors"
    head = {
        "version": release,
        "operations_from": f"kubernetes client {client}",
        "licence": licence,
    }
    _write("kubernetes.json", {**head, "operations": operations, "$defs": definitions(published)})
    keda = importlib.metadata.version("cloudcoil.models.keda").rsplit(".", 1)[0]
    _write(
        "keda.json",
        {"version": keda, "licence": "Apache-2.0, The KEDA Authors", "$defs": scaled_object()},
    )
    sys.stdout.write(f"kubernetes {release}, KEDA {keda}\n")


if __name__ == "__main__":
    main()
