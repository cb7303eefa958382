"""The API of a small cluster on loopback, which lets nothing pass that Kubernetes does not publish.

Each request is held against the operations and definitions in `kubernetes_schemas`: its path, verb,
query, content type and body; each answer too. Who asks must be authenticated and, once `rules` are
given, allowed by them, as RBAC would. Each list of pods lets the cluster take one step first, until
`frozen`.
"""

import asyncio
import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import ThreadingHTTPServer
from typing import Any, Final

import yaml
from aiohttp import web

from tests.fakes.kubernetes_cluster import Cluster, Pod, as_object
from tests.fakes.kubernetes_schemas import OPERATIONS, faults_in, faults_in_patch
from tests.fakes.small_replica import Replica

TOKEN: Final = "of-the-tests"
NAMESPACE: Final = "warmline"
MERGE: Final = "application/merge-patch+json"
STATUS: Final = "io.k8s.apimachinery.pkg.apis.meta.v1.Status"
HPA: Final = "io.k8s.api.autoscaling.v2.HorizontalPodAutoscaler"
_KEDA_PATH: Final = "/apis/keda.sh/v1alpha1/namespaces/{namespace}/scaledobjects/{name}"
_KEDA: Final = {
    "path": _KEDA_PATH,
    "resource": "scaledobjects",
    "body": "sh.keda.v1alpha1.ScaledObject",
}
# What an API server offers for the objects of a CRD: no strategic merge, which needs to know the Go
# type.
_OF_A_CRD: Final = {
    "get_scaled_object": {
        **_KEDA,
        "method": "GET",
        "verb": "get",
        "query": ["pretty"],
        "content_types": [],
    },
    "patch_scaled_object": {
        **_KEDA,
        "method": "PATCH",
        "verb": "patch",
        "query": ["pretty", "dryRun", "fieldManager", "fieldValidation", "force"],
        "content_types": ["application/json-patch+json", MERGE, "application/apply-patch+yaml"],
    },
}
_ALL: Final[dict[str, dict[str, Any]]] = OPERATIONS | _OF_A_CRD


class Refused(Exception):
    """The API answers with a Status."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass
class Asked:
    """One request, as it was understood."""

    operation: str
    group: str
    resource: str
    verb: str
    name: str
    body: Any


@dataclass
class KubernetesApi:
    """The cluster, what was asked of it, and how it shall misbehave."""

    cluster: Cluster
    asked: list[Asked] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    rules: list[dict[str, Any]] | None = None
    frozen: bool = False
    refuse: Callable[[Asked], Refused | None] = lambda _asked: None
    stalled: threading.Event | None = None
    cut_short: bool = False
    not_json: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)
    url: str = ""

    @property
    def verbs(self) -> set[tuple[str, str, str]]:
        """API group, resource and verb of everything that was asked: what RBAC must allow."""
        return {(each.group, each.resource, each.verb) for each in self.asked}

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answer one request, or say what is wrong with it."""
        if self.stalled is not None:
            await asyncio.to_thread(self.stalled.wait, 30.0)
        raw = await request.read()
        if self.not_json:
            return web.Response(text="<html>Log in</html>", content_type="text/html")
        if self.cut_short:
            return await _cut_short(request)
        try:
            with self.lock:
                asked, found = self._understand(request, raw)
                self.asked.append(asked)
                self._admit(request, asked)
                if refused := self.refuse(asked):
                    raise refused
                return self._do(asked, found, request)
        except Refused as refused:
            status = {
                "kind": "Status",
                "apiVersion": "v1",
                "status": "Failure",
                "message": str(refused),
            }
            return _json({**status, "code": refused.code}, STATUS, status=refused.code)
        except AssertionError as own_fault:
            self.wrong.append(str(own_fault))
            raise

    def _understand(self, request: web.Request, raw: bytes) -> tuple[Asked, dict[str, Any]]:
        operation, each, found = self._operation(request)
        if unknown := set(request.query) - set(each["query"]):
            raise self._wrong(400, f"{operation} has no query {sorted(unknown)}")
        body = self._read_body(request, operation, each, raw)
        group = request.path.split("/")[2] if request.path.startswith("/apis/") else ""
        return Asked(
            operation, group, each["resource"], each["verb"], found.get("name", ""), body
        ), found

    def _operation(self, request: web.Request) -> tuple[str, dict[str, Any], dict[str, str]]:
        for operation, each in _ALL.items():
            match = re.fullmatch(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", each["path"]), request.path)
            if match and each["method"] == request.method:
                return operation, each, match.groupdict()
        raise self._wrong(404, f"{request.method} {request.path} is not among the operations")

    def _read_body(
        self, request: web.Request, operation: str, published: dict[str, Any], raw: bytes
    ) -> Any:
        if not raw:
            return None
        if published["body"] is None or request.method == "GET":
            raise self._wrong(400, f"{operation} takes no body")
        if request.method == "PATCH" and request.content_type not in published["content_types"]:
            raise self._wrong(415, f"{operation} does not take {request.content_type}")
        if request.method == "PATCH" and request.content_type != MERGE:
            raise self._wrong(415, f"this stub patches by {MERGE} only, not {request.content_type}")
        body = json.loads(raw)
        check = faults_in_patch if request.method == "PATCH" else faults_in
        if faults := check(body, published["body"]):
            raise self._wrong(422, f"{operation}: {faults}")
        return body

    def _wrong(self, code: int, message: str) -> Refused:
        self.wrong.append(message)
        return Refused(code, message)

    def _admit(self, request: web.Request, asked: Asked) -> None:
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            raise Refused(401, "Unauthorized")
        if self.rules is not None and not any(
            asked.group in rule["apiGroups"]
            and asked.resource in rule["resources"]
            and asked.verb in rule["verbs"]
            for rule in self.rules
        ):
            raise Refused(
                403,
                f'{asked.resource} is forbidden: cannot {asked.verb} in API group "{asked.group}"',
            )

    def _do(self, asked: Asked, found: dict[str, str], request: web.Request) -> web.StreamResponse:
        if found["namespace"] != NAMESPACE:
            raise Refused(404, f'namespaces "{found["namespace"]}" not found')
        match asked.resource:
            case "pods" if asked.verb == "list":
                return self._list(request.query.get("labelSelector", ""))
            case "pods":
                return self._change_pod(asked)
            case "pods/log":
                return self._log(
                    asked.name, previous=request.query.get("previous", "").lower() == "true"
                )
            case "deployments":
                return self._deployment(asked.name)
            case "deployments/scale":
                return self._scale(asked)
            case _:
                return self._scaler(asked)

    def _list(self, selector: str) -> web.Response:
        if not self.frozen:
            self.cluster.step()
        key, _, value = selector.partition("=")
        pods = [
            as_object(pod) for pod in self.cluster.pods.values() if pod.labels.get(key) == value
        ]
        metadata = {"resourceVersion": str(self.cluster.version)}
        listed = {"apiVersion": "v1", "kind": "PodList", "metadata": metadata, "items": pods}
        return _json(listed, "io.k8s.api.core.v1.PodList")

    def _change_pod(self, asked: Asked) -> web.Response:
        pod = self._pod(asked.name)
        metadata = (asked.body or {}).get("metadata", {})
        if asked.verb == "delete":
            uid = (asked.body or {}).get("preconditions", {}).get("uid", pod.uid)
            if uid != pod.uid:
                raise Refused(
                    409, f"the UID in the precondition ({uid}) does not match the UID in record"
                )
            self.cluster.end(pod, grace_s=(asked.body or {}).get("gracePeriodSeconds", 30))
        else:
            _check_version(metadata, pod.version)
            for kept, new in (
                (pod.labels, metadata.get("labels", {})),
                (pod.annotations, metadata.get("annotations", {})),
            ):
                kept.update({key: value for key, value in new.items() if value is not None})
                for key in [key for key, value in new.items() if value is None]:
                    kept.pop(key, None)
            self.cluster.version += 1
            pod.version = self.cluster.version
        return _json(as_object(pod), "io.k8s.api.core.v1.Pod")

    def _pod(self, name: str) -> Pod:
        if name not in self.cluster.pods:
            raise Refused(404, f'pods "{name}" not found')
        return self.cluster.pods[name]

    def _log(self, name: str, *, previous: bool) -> web.Response:
        pod = self._pod(name)
        text = pod.previous_log if previous else pod.log
        if text is None:
            raise Refused(400, f'previous terminated container in pod "{name}" not found')
        return web.Response(text=text)

    def _deployment(self, name: str) -> web.Response:
        found = self._found(self.cluster.deployments, "deployments.apps", name)
        conditions = []
        if found.over_quota:
            message = f'pods "{name}-x" is forbidden: exceeded quota: gpus'
            conditions = [
                {
                    "type": "ReplicaFailure",
                    "status": "True",
                    "reason": "FailedCreate",
                    "message": message,
                }
            ]
        return _json(
            {**found.manifest, "status": {"conditions": conditions}},
            "io.k8s.api.apps.v1.Deployment",
        )

    def _scale(self, asked: Asked) -> web.Response:
        found = self._found(self.cluster.deployments, "deployments.apps", asked.name)
        if asked.body is not None:
            _check_version(asked.body.get("metadata", {}), self.cluster.versions[asked.name])
            found.replicas = asked.body["spec"]["replicas"]
            self.cluster.touch(asked.name)
        metadata = {
            "name": asked.name,
            "namespace": NAMESPACE,
            "resourceVersion": str(self.cluster.versions[asked.name]),
        }
        # a zero is left out, as Go's omitempty does
        spec = {"replicas": found.replicas} if found.replicas else {}
        scale = {
            "apiVersion": "autoscaling/v1",
            "kind": "Scale",
            "metadata": metadata,
            "spec": spec,
        }
        return _json(scale, "io.k8s.api.autoscaling.v1.Scale")

    def _scaler(self, asked: Asked) -> web.Response:
        found = self._found(self.cluster.scalers, asked.resource, asked.name)
        definition = HPA if asked.resource == "horizontalpodautoscalers" else str(_KEDA["body"])
        if asked.body is not None:
            _check_version(asked.body.get("metadata", {}), self.cluster.versions[asked.name])
            found["spec"] |= asked.body["spec"]
            self.cluster.touch(asked.name)
        version = str(self.cluster.versions[asked.name])
        return _json(
            {**found, "metadata": {**found["metadata"], "resourceVersion": version}}, definition
        )

    @staticmethod
    def _found(objects: dict[str, Any], kind: str, name: str) -> Any:
        if name not in objects:
            raise Refused(404, f'{kind} "{name}" not found')
        return objects[name]

    def kubeconfig(self) -> str:
        """What a client's loader reads to reach it."""
        cluster = {"name": "small", "cluster": {"server": self.url}}
        user = {"name": "warmer", "user": {"token": TOKEN}}
        context = {"name": "small", "context": {"cluster": "small", "user": "warmer"}}
        return yaml.safe_dump(
            {
                "apiVersion": "v1",
                "kind": "Config",
                "clusters": [cluster],
                "users": [user],
                "contexts": [context],
                "current-context": "small",
            }
        )


async def _cut_short(request: web.Request) -> web.StreamResponse:
    answer = web.StreamResponse(headers={"Content-Length": "1000"})
    await answer.prepare(request)
    await answer.write(b'{"kind":')
    assert request.transport is not None
    request.transport.close()
    return answer


def _check_version(metadata: dict[str, Any], version: int) -> None:
    if metadata.get("resourceVersion", str(version)) != str(version):
        raise Refused(
            409, "the object has been modified; please apply your changes to the latest version"
        )


def _json(document: dict[str, Any], definition: str, *, status: int = 200) -> web.Response:
    faults = faults_in(document, definition)
    assert faults == [], f"the stub's own answer is not what Kubernetes publishes: {faults}"
    return web.json_response(document, status=status)


class PodHosts:
    """A small replica at each pod's own loopback address, from the moment it is ready."""

    def __init__(self) -> None:
        first = ThreadingHTTPServer(("127.1.255.254", 0), Replica)
        self.port = first.server_address[1]
        self._servers = [first]

    def come_up(self, ip: str) -> None:
        """Listen there."""
        kind = type("PodReplica", (Replica,), {"asked": []})
        server = ThreadingHTTPServer((ip, self.port), kind)
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        self._servers.append(server)

    def close(self) -> None:
        """Nobody listens any more."""
        first, *others = self._servers
        for server in others:
            server.shutdown()
        for server in (first, *others):
            server.server_close()


@contextmanager
def small_cluster() -> Iterator[KubernetesApi]:
    """A cluster that answers on loopback until the end of the block."""
    hosts, loop = PodHosts(), asyncio.new_event_loop()
    api = KubernetesApi(Cluster(port=hosts.port, came_up=hosts.come_up))

    async def serve() -> web.AppRunner:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", api.answer)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        api.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        return runner

    runner = loop.run_until_complete(serve())
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield api
    finally:
        if api.stalled is not None:
            api.stalled.set()
        with suppress(TimeoutError):
            asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(5)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        hosts.close()
