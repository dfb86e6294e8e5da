"""Writes what gitlab-sync is made of: the packages that are linked into it, and the Debian libraries that it loads.

    sbom.py PROGRAM LIBRARIES SBOM NOTICES

LIBRARIES is a file with a Debian package, its version and its architecture a line. CycloneDX 1.5 goes to SBOM as JSON; the licences and notices of
what is linked statically go to NOTICES. GITLAB_SYNC_SCRATCH is the folder of the build, whose packages are resolved; SOURCE_DATE_EPOCH the document's time.
"""

import datetime
import json
import os
import re
import subprocess
import sys
import uuid
from pathlib import Path

SCRATCH = os.environ["GITLAB_SYNC_SCRATCH"]
PRODUCT = "gitlab-sync"


def swift(*arguments):
    text = subprocess.run(
        ["swift", "package", "--scratch-path", SCRATCH, *arguments], check=True, capture_output=True, text=True
    ).stdout
    return json.loads(text[text.index("{") :])


def direct_packages():
    """The identities of the packages that the product's own targets use: those of the lab and the tests are not in it."""
    manifest = swift("dump-package")
    targets = {target["name"]: target for target in manifest["targets"]}
    waiting = next(product["targets"] for product in manifest["products"] if product["name"] == PRODUCT)
    used, seen = set(), set()
    while waiting:
        target = targets.get(name := waiting.pop())
        if target is None or name in seen:
            continue
        seen.add(name)
        for dependency in target["dependencies"]:
            if "product" in dependency:
                used.add(dependency["product"][1].lower())
            else:
                waiting.append(next(iter(dependency.values()))[0])
    return used


def packages():
    """The tree's nodes by identity, the root's apart: those that are used, and what they use."""
    root = swift("show-dependencies", "--format", "json")
    found = {}

    def take(node):
        if node["identity"] not in found:
            found[node["identity"]] = node
            for child in node["dependencies"]:
                take(child)

    used = direct_packages()
    names = {re.sub(r"\.git$", "", node["url"].rstrip("/").rsplit("/", 1)[-1]).lower(): node for node in root["dependencies"]}
    if missing := used - set(names):
        sys.exit(f"sbom: no resolved package is {', '.join(sorted(missing))}")
    for name in sorted(used):
        take(names[name])
    return found, sorted(names[name]["identity"] for name in used)


def licence_files(folder):
    return sorted(
        file for file in Path(folder).iterdir() if file.is_file() and re.match(r"(LICEN[CS]E|NOTICE|COPYING)", file.name, re.IGNORECASE)
    )


def licences(node):
    texts = "\n".join(file.read_text(errors="replace") for file in licence_files(node["path"]) if not file.name.upper().startswith("NOTICE"))
    found = [
        name
        for name, words in {
            "Apache-2.0": "Apache License",
            "MIT": "Permission is hereby granted, free of charge",
        }.items()
        if words in texts
    ]
    return [{"license": {"id": name}} for name in found]


def swift_version():
    text = subprocess.run(["swift", "--version"], check=True, capture_output=True, text=True).stdout
    return re.search(r"Swift version ([0-9.]+)", text).group(1)


def sbom(version, libraries, found, direct):
    components, edges = [], []

    def reference(node):
        place = re.sub(r"^https://|\.git$", "", node["url"])
        return f"pkg:swift/{place}@{node['version']}"

    for node in sorted(found.values(), key=lambda node: node["identity"]):
        components.append(
            {
                "type": "library",
                "bom-ref": reference(node),
                "name": node["name"],
                "version": node["version"],
                "licenses": licences(node),
                "purl": reference(node),
                "externalReferences": [{"type": "vcs", "url": node["url"]}],
            }
        )
        edges.append({"ref": reference(node), "dependsOn": sorted(reference(child) for child in node["dependencies"])})
    toolchain = f"pkg:generic/swift@{swift_version()}"
    components.append(
        {
            "type": "library",
            "bom-ref": toolchain,
            "name": "swift",
            "version": swift_version(),
            "description": "Swift's standard library and Foundation, linked statically",
            "licenses": [{"expression": "Apache-2.0 WITH Swift-exception"}],
            "purl": toolchain,
        }
    )
    loaded = []
    system = dict(line.strip().split("=", 1) for line in Path("/etc/os-release").read_text().splitlines() if "=" in line)
    for line in Path(libraries).read_text().splitlines():
        name, package_version, architecture = line.split()
        purl = f"pkg:deb/debian/{name}@{package_version.replace('+', '%2B')}?arch={architecture}&distro=debian-{system['VERSION_ID'].strip(chr(34))}"
        loaded.append(purl)
        components.append(
            {"type": "library", "bom-ref": purl, "name": name, "version": package_version, "description": "loaded from the system", "purl": purl}
        )
    root = f"pkg:generic/{PRODUCT}@{version}"
    edges.insert(0, {"ref": root, "dependsOn": sorted([reference(found[name]) for name in direct] + [toolchain] + loaded)})
    moment = datetime.datetime.fromtimestamp(int(os.environ["SOURCE_DATE_EPOCH"]), datetime.timezone.utc)
    body = {
        "metadata": {
            "timestamp": moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "component": {
                "type": "application",
                "bom-ref": root,
                "name": PRODUCT,
                "version": version,
                "licenses": [{"license": {"id": "Apache-2.0"}}],
                "purl": root,
            },
        },
        "components": components,
        "dependencies": edges,
    }
    # The same contents have the same number.
    serial = uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(body, sort_keys=True))
    header = {
        "$schema": "http://cyclonedx.org/schema/bom-1.5.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": f"urn:uuid:{serial}",
        "version": 1,
    }
    return json.dumps(header | body, indent=2) + "\n"


def notices(found):
    for node in sorted(found.values(), key=lambda node: node["identity"]):
        for file in licence_files(node["path"]):
            yield f"{'=' * 20} {node['name']} {node['version']}: {file.name}\n\n{file.read_text(errors='replace').strip()}\n\n"


def main(program, libraries, sbom_file, notices_file):
    version = subprocess.run([program, "--version"], check=True, capture_output=True, text=True, env={}).stdout.strip()
    found, direct = packages()
    Path(sbom_file).write_text(sbom(version, libraries, found, direct))
    Path(notices_file).write_text("".join(notices(found)))


main(*sys.argv[1:])
