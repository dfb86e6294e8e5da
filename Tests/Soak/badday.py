"""The day the source is gone, after an attack: what the mirrors bring back into an empty third GitLab, judged by git and git-lfs.

A source with branches, tags, wikis and LFS objects is copied. Then somebody rewrites and deletes everything; the run holds that back, and
somebody who does not look approves it. Damage of four kinds is done to mirror, target and proofs, found by `verify`, and undone. At last both
GitLabs are switched off, and `restore` fills a new one twice: as of the moment before the attack, and as things were last.
"""

import argparse
import datetime
import json
import os
import re
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "Benchmarks"))
from lab import Lab  # noqa: E402

GROUP, STATE = "acme", "GITLAB_SYNC_STATE_DIR"
PATHS = [f"{GROUP}/app", f"{GROUP}/tools/build", f"{GROUP}/tools/deep/er", f"{GROUP}/art"]
OBJECTS = 20


def fail(text):
    raise RuntimeError(text)


def expect(name, found, expected):
    if found != expected:
        fail(f"{name}: {found} instead of {expected}")


def sync(lab, expected, *arguments, state=None):
    """Runs gitlab-sync; returns what it prints."""
    variables = lab.variables | {"LOCAL_GITLAB_GROUP": GROUP} | ({STATE: state} if state else {})
    result = subprocess.run([f"{lab.programs}/gitlab-sync", *arguments], env=lab.environment | variables, capture_output=True, text=True)
    if result.returncode != expected:
        fail(f"{arguments}: exit code {result.returncode} instead of {expected}\n{result.stdout}\n{result.stderr}")
    return result.stdout


def all_refs(lab, side, path):
    """Branches and tags of the project and of its wiki, read by git on the server's disk."""
    folder = lab.repository(side, path)
    found = {"project": lab.refs(side, path)}
    wiki = folder.removesuffix(".git") + ".wiki.git"
    if os.path.isdir(wiki):
        names = ("refs/heads/", "refs/tags/")
        found["wiki"] = lab.git("-C", wiki, "for-each-ref", "--format=%(objectname) %(refname)", *names)
    return found


def commit(lab, work, text):
    with open(os.path.join(work, "file"), "w", encoding="utf-8") as file:
        file.write(text)
    lab.git("-C", work, "add", "-A")
    lab.git("-C", work, "commit", "-q", "-m", text)


def fill(lab):
    """Groups and projects of the source, with real pushes; git-lfs sends its objects itself."""
    lab.git("config", "--global", "user.name", "Judge")
    lab.git("config", "--global", "user.email", "judge@example.com")
    lab.git("lfs", "install", "--skip-repo")
    groups = {}
    for path in (GROUP, f"{GROUP}/tools", f"{GROUP}/tools/deep"):
        parent, _, name = path.rpartition("/")
        body = {"name": name, "path": name} | ({"parent_id": groups[parent]} if parent else {})
        groups[path] = lab.api("source", "POST", "/groups", body)["id"]
    for path in PATHS:
        parent, _, name = path.rpartition("/")
        project = lab.api("source", "POST", "/projects", {"name": name, "path": name, "namespace_id": groups[parent]})
        work = lab.path(f"work-{name}")
        lab.git("init", "-q", "-b", "main", work)
        if name == "art":
            lab.git("lfs", "track", "*.bin", cwd=work)
            for number in range(OBJECTS):
                with open(os.path.join(work, f"{number}.bin"), "wb") as file:
                    file.write(os.urandom(100_000 + number))
        for number in range(5):
            commit(lab, work, f"{name} {number}")
            lab.git("-C", work, "branch", f"topic-{number}")
            lab.git("-C", work, "tag", "-a", "-m", "A tag", f"v{number}")
        lab.git("-C", work, "push", "-q", lab.url("source", path), "--all")
        lab.git("-C", work, "push", "-q", lab.url("source", path), "--tags")
        lab.api("source", "POST", f"/projects/{project['id']}/wikis", {"title": "home", "content": f"Home of {name}"})


def attack(lab):
    """Every branch is rewritten or deleted, every tag is deleted, as a ransomware would do with a stolen key."""
    for path in PATHS:
        folder = lab.repository("source", path)
        evil = lab.git("-C", folder, "-c", "user.name=E", "-c", "user.email=e@example.com", "commit-tree", "-m", "Pay",
                       lab.git("-C", folder, "write-tree").strip()).strip()
        for line in lab.refs("source", path).splitlines():
            name = line.split(" ", 1)[1]
            lab.git("-C", folder, "update-ref", *(["-d", name] if "topic" in name or "tags" in name else [name, evil]))


def finds(lab, name, words, *arguments):
    said = sync(lab, 1, "verify", *arguments)
    found = [line.strip() for line in said.splitlines() if re.search(words, line)]
    if not found:
        fail(f"{name} is not named:\n{said}")
    print(f"  {name}: {found[0]}", flush=True)


def damage(lab):
    """One flipped byte, one moved ref, one missing object, one edited proof: each is named, and put back."""
    proofs = lab.path("proofs.jsonl")
    sync(lab, 0, "verify", "--deep", "--proof", proofs)
    sync(lab, 0, "verify", "--proof", proofs)
    sync(lab, 0, "verify", "--check-proofs", proofs)
    mirrors = os.path.join(lab.variables[STATE], "mirrors")
    packs = [os.path.join(folder, file) for folder, _, files in os.walk(mirrors) for file in files if file.endswith(".pack")]
    pack = max(packs, key=os.path.getsize)
    shutil.copy2(pack, lab.path("pack"))
    os.chmod(pack, 0o600)
    with open(pack, "r+b") as file:
        file.seek(os.path.getsize(pack) // 2)
        byte = file.read(1)
        file.seek(-1, os.SEEK_CUR)
        file.write(bytes([byte[0] ^ 1]))
    finds(lab, "one flipped byte of a mirror", "damaged|corrupt|mismatch|checksum", "--deep")
    os.replace(lab.path("pack"), pack)

    folder = lab.repository("target", PATHS[0])
    tip = lab.git("-C", folder, "rev-parse", "refs/heads/main").strip()
    lab.git("-C", folder, "update-ref", "refs/heads/main", "refs/heads/topic-0")
    finds(lab, "one moved ref of the target", "refs/heads/main is .*, should be")
    lab.git("-C", folder, "update-ref", "refs/heads/main", tip)

    objects = [os.path.join(where, file) for where, _, files in os.walk(mirrors) for file in files if re.fullmatch("[0-9a-f]{64}", file)]
    expect("LFS objects of the mirrors", len(objects), OBJECTS)
    os.rename(objects[0], lab.path("object"))
    finds(lab, "one missing LFS object", os.path.basename(objects[0])[:12])
    os.rename(lab.path("object"), objects[0])

    with open(proofs, encoding="utf-8") as file:
        text = file.read()
    with open(proofs, "w", encoding="utf-8") as file:
        # One digit of the first digest.
        file.write(re.sub('"mirror":"(.)', lambda digit: f'"mirror":"{int(digit[1], 16) ^ 1:x}', text, count=1))
    finds(lab, "one edited proof", "^! .*line [12]", "--check-proofs", proofs)
    sync(lab, 0, "verify", "--deep")
    print("  all of it undone: verify --deep is content", flush=True)


def judge(lab, third, into, expected, lfs):
    """Compares what stands on the new server with what was there, by git; LFS by git-lfs."""
    count = 0
    for path, refs in expected.items():
        copy = f"{into}/{path.removeprefix(GROUP + '/')}"
        found = all_refs(third, "target", copy)
        expect(f"{copy}", found, refs)
        third.git("-C", third.repository("target", copy), "fsck")
        count += sum(len(text.splitlines()) for text in found.values())
    if lfs:
        clone = third.path(f"clone-{into}")
        url = third.project("target", f"{into}/art")["ssh_url_to_repo"]
        third.git("clone", "-q", url, clone, env=third.environment | {"GIT_LFS_SKIP_SMUDGE": "1"})
        third.git("lfs", "fetch", "--all", cwd=clone)
        said = third.git("lfs", "fsck", "--objects", cwd=clone)
        found = sum(len(files) for _, _, files in os.walk(os.path.join(clone, ".git/lfs/objects")))
        expect(f"{into}/art: LFS objects", found, OBJECTS)
        if "OK" not in said:
            fail(said)
    text = f", {OBJECTS} LFS objects by git lfs fetch --all and fsck" if lfs else ""
    print(f"  {into}: {count} refs of {len(expected)} projects and their wikis are what they were{text}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--programs", required=True, help="the folder of gitlab-sync and gitlab-lab")
    programs = parser.parse_args().programs
    with Lab(programs) as third:
        with Lab(programs) as lab:
            fill(lab)
            sync(lab, 0)
            before = {path: all_refs(lab, "source", path) for path in PATHS}
            moment = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=1)
            damage(lab)
            attack(lab)
            after = {path: all_refs(lab, "source", path) for path in PATHS}
            held = sync(lab, 3, "--output", "json")
            for path in PATHS:
                expect(f"{path} while it is held", all_refs(lab, "target", path), before[path])
            approvals = sorted({guard["id"] for guard in json.loads(held)["guards"]})
            print(f"  the attack is held back by {len(approvals)} guards; now somebody approves it", flush=True)
            sync(lab, 0, *[word for name in approvals for word in ("--approve", name)])
            for path in PATHS:
                expect(f"{path} after the approval", all_refs(lab, "target", path)["project"], after[path]["project"])
            state = third.path("mirrors-that-are-left")
            shutil.copytree(lab.variables[STATE], state)
        print("  both GitLabs are off; what is left are the mirrors", flush=True)
        third.git("lfs", "install", "--skip-repo")
        at = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
        sync(third, 0, "restore", "--into", "before", "--at", at, state=state)
        judge(lab, third, "before", before, lfs=True)
        sync(third, 0, "restore", "--into", "last", state=state)
        judge(lab, third, "last", after, lfs=False)
    print("bad-day: everything is back")


if __name__ == "__main__":
    main()
