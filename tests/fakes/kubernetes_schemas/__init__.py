"""What Kubernetes and KEDA publish of the resources that Warmline touches,
cut down to them by `cut.py`.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any, Final

from jsonschema import Draft202012Validator

_HERE: Final = Path(__file__).parent
_KUBERNETES: Final[dict[str, Any]] = json.loads(
    (_HERE / "kubernetes.json").read_text(encoding="utf-8")
)
_KEDA: Final[dict[str, Any]] = json.loads((_HERE / "keda.json").read_text(encoding="utf-8"))
VERSIONS: Final = {"kubernetes": _KUBERNETES["version"], "keda": _KEDA["version"]}
OPERATIONS: Final[dict[str, dict[str, Any]]] = _KUBERNETES["operations"]
_DEFINITIONS: Final[dict[str, Any]] = _KUBERNETES["$defs"] | _KEDA["$defs"]


def definition_of(document: dict[str, Any]) -> str:
    """The name of the definition that an object's apiVersion and kind stand for."""
    group, _, version = str(document["apiVersion"]).rpartition("/")
    if group == "keda.sh":
        return f"sh.keda.{version}.{document['kind']}"
    package = group.removesuffix(".k8s.io").split(".")[0] or "core"
    return f"io.k8s.api.{package}.{version}.{document['kind']}"


def faults_in(document: Any, definition: str) -> list[str]:
    """What a whole object has that its definition does not allow, or lacks."""
    return _faults(document, _validator(definition))


def faults_in_patch(document: Any, definition: str) -> list[str]:
    """The same of a merge patch: what is absent stays as it is, so nothing is required of it."""
    return _faults(document, _patch_validator(definition))


def _faults(document: Any, validator: Draft202012Validator) -> list[str]:
    return [
        f"{'.'.join(map(str, each.absolute_path)) or '(top)'}: {each.message}"
        for each in _all(validator, document)
    ]


def _all(validator: Draft202012Validator, document: Any) -> Any:
    return sorted(
        validator.iter_errors(document), key=lambda each: list(map(str, each.absolute_path))
    )


@cache
def _validator(definition: str) -> Draft202012Validator:
    if definition not in _DEFINITIONS:
        raise LookupError(f"no definition {definition}: cut.py does not keep it")
    return Draft202012Validator({"$ref": f"#/$defs/{definition}", "$defs": _DEFINITIONS})


@cache
def _patch_validator(definition: str) -> Draft202012Validator:
    return Draft202012Validator(
        {"$ref": f"#/$defs/{definition}", "$defs": _without_required(_DEFINITIONS)}
    )


def _without_required(node: Any) -> Any:
    """A schema under which everything may be left out.
    (A property that is called `required` holds no list.)
    """
    if isinstance(node, dict):
        kept = {
            key: value
            for key, value in node.items()
            if not (key == "required" and isinstance(value, list))
        }
        return {key: _without_required(value) for key, value in kept.items()}
    return [_without_required(each) for each in node] if isinstance(node, list) else node
