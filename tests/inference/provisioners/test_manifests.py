"""What ships in deploy/kubernetes:
it is what Kubernetes publishes, it gives no more rights than are used.
"""

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import SplitResult, urlsplit

import httpx
import pytest
import yaml

from inference.fleet.actions import POOLS
from inference.provisioners.kubernetes.deployments import deployment_name
from inference.provisioners.kubernetes.pods import POOL, PORT_NAME
from tests.fakes.kubernetes_api import TOKEN, KubernetesApi
from tests.fakes.kubernetes_schemas import definition_of, faults_in
from tests.inference.provisioners.conftest import MANIFESTS, Desk, manifests

FILES = sorted(path.relative_to(MANIFESTS).as_posix() for path in MANIFESTS.rglob("*.yaml"))
DATABASE_WORDS = ("DATABASE", "warmline-django", "warmline-owner", "SECRET_KEY", "TWILIO")


def deployments() -> dict[str, dict[str, Any]]:
    return {
        manifest["metadata"]["name"]: manifest
        for manifest in manifests()
        if manifest["kind"] == "Deployment"
    }


def pod_of(deployment: dict[str, Any]) -> dict[str, Any]:
    spec: dict[str, Any] = deployment["spec"]["template"]["spec"]
    return spec


def labels_of(deployment: dict[str, Any]) -> dict[str, str]:
    labels: dict[str, str] = deployment["spec"]["template"]["metadata"]["labels"]
    return labels


@pytest.mark.parametrize("file", [file for file in FILES if file != "kustomization.yaml"])
def test_each_object_is_what_kubernetes_and_keda_publish(file: str) -> None:
    """No field that does not exist, none missing, none of the wrong kind."""
    objects = manifests(file)
    assert objects
    assert {each["metadata"]["name"]: faults_in(each, definition_of(each)) for each in objects} == {
        each["metadata"]["name"]: [] for each in objects
    }


def test_a_field_that_does_not_exist_is_found() -> None:
    """The check above can fail."""
    (broken, *_others) = manifests("think.yaml")
    pod_of(broken)["containers"][0]["readinesProbe"] = {}
    assert "readinesProbe" in str(faults_in(broken, definition_of(broken)))


def test_kustomize_applies_all_but_the_examples() -> None:
    """Secrets are filled in by hand, and a floor is a choice."""
    listed = yaml.safe_load((MANIFESTS / "kustomization.yaml").read_text(encoding="utf-8"))[
        "resources"
    ]
    left_out = {"kustomization.yaml", "secrets.example.yaml", "floors/hpa.yaml", "floors/keda.yaml"}
    assert set(listed) | left_out == set(FILES)
    assert set(listed) & left_out == set()


def test_the_warmers_role_allows_what_was_asked_and_nothing_else(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All that the provisioner can do is done once,
    under both autoscalers too, and the verbs are compared.
    """
    _live_through_everything(desk, monkeypatch)
    (role,) = (manifest for manifest in manifests("access.yaml") if manifest["kind"] == "Role")
    given = {
        (group, resource, verb)
        for rule in role["rules"]
        for group in rule["apiGroups"]
        for resource in rule["resources"]
        for verb in rule["verbs"]
    }
    assert desk.api.verbs == given


def _live_through_everything(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    (deployment,) = desk.api.cluster.deployments.values()
    deployment.quota = 0
    desk.start("ann")
    desk.status("ann")
    deployment.quota = 9
    desk.until_ready("ann")
    desk.stop("ann")
    for kind in ("hpa", "keda"):
        desk.api.cluster.apply(*manifests(f"floors/{kind}.yaml"))
        monkeypatch.setenv("WARMLINE_KUBERNETES_FLOORS", f'{{"us-east/think/frontdesk": "{kind}"}}')
        desk.start("ben")
        desk.until_ready("ben")
        desk.start("cleo")
        desk.stop("cleo")
        desk.stop("ben")


def test_the_role_is_bound_to_the_account_that_only_the_jobs_carry() -> None:
    """Every other pod is given no token at all."""
    (binding,) = (
        manifest for manifest in manifests("access.yaml") if manifest["kind"] == "RoleBinding"
    )
    account = binding["subjects"][0]["name"]
    carriers = {
        name
        for name, deployment in deployments().items()
        if pod_of(deployment).get("serviceAccountName") == account
    }
    assert carriers == {"jobs"}
    for name, deployment in deployments().items():
        if name not in carriers:
            assert pod_of(deployment)["automountServiceAccountToken"] is False, name


def test_the_pools_of_the_first_region_have_the_names_that_the_provisioner_asks_for() -> None:
    """Each with its label, a port called http,
    no count of replicas, and probes for start and readiness.
    """
    for role, model, *_rest in POOLS:
        name = deployment_name(region="us-east", role=role, model=model)
        deployment = deployments()[name]
        assert deployment["spec"]["selector"]["matchLabels"] == {POOL: name}
        assert labels_of(deployment)[POOL] == name
        assert "replicas" not in deployment["spec"]
        (container,) = pod_of(deployment)["containers"]
        assert [port["name"] for port in container["ports"]] == [PORT_NAME]
        assert {"startupProbe", "readinessProbe"} <= set(container)
        assert "livenessProbe" not in container


def test_the_media_plane_is_given_no_database_no_key_and_no_carriers_token() -> None:
    """Not by name, not by a whole secret, and there is no way to Postgres's port."""
    media = deployments()["media"]
    text = yaml.safe_dump(media)
    assert [word for word in DATABASE_WORDS if word in text] == []
    assert "envFrom" not in pod_of(media)["containers"][0]
    (policy,) = (
        manifest
        for manifest in manifests("network.yaml")
        if manifest["metadata"]["name"] == "media"
    )
    open_to_all = {
        port["port"]
        for rule in policy["spec"]["egress"]
        if "to" not in rule
        for port in rule["ports"]
    }
    assert open_to_all == {53, 6379}


def secrets() -> dict[str, dict[str, str]]:
    return {
        manifest["metadata"]["name"]: manifest["stringData"]
        for manifest in manifests("secrets.example.yaml")
    }


def redis_addresses(secret: dict[str, str]) -> list[SplitResult]:
    urls = [secret["REDIS_URL"]] if "REDIS_URL" in secret else []
    if "WARMLINE_REGIONS_REDIS" in secret:
        urls += json.loads(secret["WARMLINE_REGIONS_REDIS"]).values()
    return [urlsplit(url) for url in urls]


@pytest.mark.parametrize(
    ("deployment", "plane"),
    [
        *[("web", "web"), ("recorder", "recorder")],
        *[("jobs", "jobs"), ("knowledge", "jobs"), ("beat", "jobs"), ("webhooks", "jobs")],
    ],
)
def test_each_plane_signs_in_at_redis_as_itself(deployment: str, plane: str) -> None:
    """By a secret of its own, over TLS; no other plane's is given to its pods."""
    text = yaml.safe_dump(deployments()[deployment])
    assert re.findall(r"warmline-redis-\w+", text) == [f"warmline-redis-{plane}"]
    addresses = redis_addresses(secrets()[f"warmline-redis-{plane}"])
    assert {address.username for address in addresses} == {plane}
    assert {address.scheme for address in addresses} == {"rediss"}
    assert "REDIS_URL" not in secrets()["warmline-django"]


def test_media_and_the_broker_have_no_server_in_common() -> None:
    """Whoever holds media's credential does not even reach where cache and jobs lie."""
    (media,) = redis_addresses(secrets()["warmline-media"])
    assert media.username == "media"
    brokers = {
        urlsplit(secret["REDIS_URL"]).hostname
        for secret in secrets().values()
        if "REDIS_URL" in secret
    }
    assert media.hostname not in brokers


def test_the_web_plane_answers_to_the_names_that_it_is_asked_by() -> None:
    """Its public address, the one inside the cluster, and its probes' Host."""
    (settings,) = (manifest["data"] for manifest in manifests("settings.yaml"))
    allowed = settings["WARMLINE_ALLOWED_HOSTS"].split(",")
    asked = {
        urlsplit(settings[name]).hostname
        for name in ("WARMLINE_PUBLIC_URL", "WARMLINE_INTERNAL_URL")
    }
    (container,) = pod_of(deployments()["web"])["containers"]
    for probe in ("startupProbe", "readinessProbe"):
        asked |= {header["value"] for header in container[probe]["httpGet"]["httpHeaders"]}
    assert asked <= set(allowed)


def test_what_is_internal_is_behind_a_service_and_a_rule_of_its_own() -> None:
    """Visitors are led to `http`; media, metrics' readers and probes come to `internal`."""
    services = {
        manifest["metadata"]["name"]: [port["targetPort"] for port in manifest["spec"]["ports"]]
        for manifest in manifests()
        if manifest["kind"] == "Service"
    }
    assert [name for name, ports in services.items() if "internal" in ports] == ["web-internal"]
    assert services["web"] == ["http"]
    (settings,) = (manifest["data"] for manifest in manifests("settings.yaml"))
    assert urlsplit(settings["WARMLINE_INTERNAL_URL"]).hostname == "web-internal.warmline.svc"
    for policy in manifests("network.yaml"):
        for rule in policy["spec"].get("ingress", ()):
            if {"port": "internal"} in rule["ports"]:
                assert rule["from"], policy["metadata"]["name"]
                assert rule["ports"] == [{"port": "internal"}]
    (web,) = pod_of(deployments()["web"])["containers"]
    for probe in ("startupProbe", "readinessProbe"):
        assert web[probe]["httpGet"]["port"] == "internal"


def test_sleep_mode_stays_behind_a_policy_that_lets_only_the_platform_in() -> None:
    """Whoever reaches /sleep can put a replica to sleep."""
    exposed = {
        name
        for name, deployment in deployments().items()
        if "VLLM_SERVER_DEV_MODE" in yaml.safe_dump(deployment)
    }
    assert exposed == {"think-us-east-frontdesk"}
    (policy,) = (
        manifest
        for manifest in manifests("network.yaml")
        if manifest["metadata"]["name"] == "replicas"
    )
    (chosen,) = policy["spec"]["podSelector"]["matchExpressions"]
    assert {labels_of(deployments()[name])[chosen["key"]] for name in exposed} <= set(
        chosen["values"]
    )
    (rule,) = policy["spec"]["ingress"]
    assert all(set(source) == {"podSelector"} for source in rule["from"])
    services = [manifest["spec"] for manifest in manifests() if manifest["kind"] == "Service"]
    assert {service.get("type", "ClusterIP") for service in services} == {"ClusterIP"}


def listeners() -> Iterator[tuple[str, dict[str, Any]]]:
    for name, deployment in deployments().items():
        if any("ports" in container for container in pod_of(deployment)["containers"]):
            yield name, deployment


def test_the_engine_keeps_idle_connections_for_longer_than_media_do() -> None:
    """Media close theirs after 60 s."""
    (engine,) = pod_of(deployments()["think-us-east-frontdesk"])["containers"]
    (seconds,) = (
        variable["value"]
        for variable in engine["env"]
        if variable["name"] == "VLLM_HTTP_TIMEOUT_KEEP_ALIVE"
    )
    assert int(seconds) > 60


def test_everything_that_listens_has_a_service_and_everything_that_must_stay_a_budget() -> None:
    """By the labels of its pods; web has one for each listener, what listens on nothing none."""
    selectors = [
        manifest["spec"]["selector"] for manifest in manifests() if manifest["kind"] == "Service"
    ]
    budgets = [
        manifest["spec"]["selector"]["matchLabels"]
        for manifest in manifests()
        if manifest["kind"] == "PodDisruptionBudget"
    ]

    def chosen(labels: dict[str, str], by: list[dict[str, str]]) -> int:
        return sum(1 for selector in by if selector.items() <= labels.items())

    silent = {"jobs", "knowledge", "beat", "recorder", "webhooks"}
    assert {name for name, _ in listeners()} == set(deployments()) - silent
    assert {name: chosen(labels_of(deployment), selectors) for name, deployment in listeners()} == {
        name: 2 if name == "web" else 1 for name, _ in listeners()
    }
    assert {
        name
        for name, deployment in deployments().items()
        if not chosen(labels_of(deployment), budgets)
    } == {"beat"}


def test_containers_run_as_nobody_and_may_become_nobody_else() -> None:
    """What the namespace's `restricted` level asks of each pod."""
    for name, deployment in deployments().items():
        assert pod_of(deployment)["securityContext"]["runAsNonRoot"] is True, name
        for container in pod_of(deployment)["containers"]:
            assert container["securityContext"]["allowPrivilegeEscalation"] is False, name
            assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}, name


def test_the_stub_refuses_what_kubernetes_does_not_publish(api: KubernetesApi) -> None:
    """A wrong path, verb, query, content type and body each: it can say no."""
    scale = "/apis/apps/v1/namespaces/warmline/deployments/think-us-east-frontdesk/scale"
    scaled = "/apis/keda.sh/v1alpha1/namespaces/warmline/scaledobjects/think-us-east-frontdesk"
    merge, strategic = "application/merge-patch+json", "application/strategic-merge-patch+json"
    with httpx.Client(base_url=api.url, headers={"Authorization": f"Bearer {TOKEN}"}) as client:
        codes = [
            client.get("/apis/apps/v2/namespaces/warmline/deployments/x").status_code,
            client.post(scale).status_code,
            client.get(f"{scale}?watch=true").status_code,
            client.patch(scale, json={"spec": {"replicas": 1}}).status_code,
            client.patch(
                scaled, json={"spec": {"minReplicaCount": 1}}, headers={"Content-Type": strategic}
            ).status_code,
            client.patch(
                scale, json={"spec": {"replicas": "1"}}, headers={"Content-Type": merge}
            ).status_code,
            client.patch(
                scale, json={"spec": {"count": 1}}, headers={"Content-Type": merge}
            ).status_code,
            client.get(scale, headers={"Authorization": "Bearer stolen"}).status_code,
        ]
    assert codes == [404, 404, 400, 415, 415, 422, 422, 401]
    assert len(api.wrong) == 7
    api.wrong.clear()
