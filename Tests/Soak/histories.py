"""Random histories at the source, with runs of gitlab-sync that are killed in between.

After every run that is left alone, each copy must equal its project, wikis included, or a guard must have named why not; when that is
approved, it must. And no tip that a copy ever had may have become unreachable in both the copy and the mirror.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "Benchmarks"))
from lab import Lab  # noqa: E402

GROUP = "acme"
IDENTITY = ["-c", "user.name=Lab", "-c", "user.email=lab@example.com"]


class World:
    """The source, changed at random."""

    def __init__(self, lab, chance):
        self.lab, self.chance = lab, chance
        self.counts = {}
        self.groups = []
        self.projects = []
        top = lab.api("source", "POST", "/groups", {"name": GROUP, "path": GROUP})["id"]
        for name in ("one", "two"):
            body = {"name": name, "path": name, "parent_id": top}
            self.groups.append(lab.api("source", "POST", "/groups", body)["id"])
        for number in range(6):
            name = f"p{number}"
            body = {"name": name, "path": name, "namespace_id": [top, *self.groups][number % 3]}
            self.projects.append(lab.api("source", "POST", "/projects", body)["id"])
            self.commit(self.projects[-1], "main")
        self.groups.append(top)

    def place(self, side, number, wiki=False):
        return self.lab.path(f"lab/{side}/repositories/{number}{'.wiki' if wiki else ''}.git")

    def git(self, project, *arguments, wiki=False, **options):
        return self.lab.git("-C", self.place("source", project, wiki), *arguments, **options).strip()

    def refs(self, project, kind, wiki=False):
        return self.git(project, "for-each-ref", "--format=%(refname)", f"refs/{kind}/", wiki=wiki).split()

    def make_commit(self, project, parents, wiki=False):
        blob = self.git(project, "hash-object", "-w", "--stdin", wiki=wiki, input=str(self.chance.random()))
        tree = self.git(project, "mktree", wiki=wiki, input=f"100644 blob {blob}\tfile.md\n")
        words = [word for parent in parents for word in ("-p", parent)]
        return self.git(project, *IDENTITY, "commit-tree", tree, "-m", "x", *words, wiki=wiki)

    def commit(self, project, branch, wiki=False):
        ref = f"refs/heads/{branch}"
        has = ref in self.refs(project, "heads", wiki)
        tip = self.make_commit(project, [ref] if has else [], wiki)
        self.git(project, "update-ref", ref, tip, wiki=wiki)
        # The API tells the default branch; a push would have let the server find it.
        if not has and not wiki:
            number = self.lab.api("source", "GET", f"/projects/{project}")
            if number["default_branch"] is None:
                self.lab.api("source", "PUT", f"/projects/{project}", {"default_branch": branch})

    def change(self):
        """One change of a random kind."""
        kinds = [self.grow] * 5 + [
            self.branch, self.branch, self.rewrite, self.rewrite, self.delete, self.tag, self.tag, self.move_tag, self.delete_tag,
            self.rename, self.move, self.swap, self.rename_group, self.archive, self.edit_wiki, self.rewrite_wiki,
        ]
        kind = self.chance.choice(kinds)
        kind(self.chance.choice(self.projects))
        self.counts[kind.__name__] = self.counts.get(kind.__name__, 0) + 1

    def grow(self, project):
        self.commit(project, self.chance.choice(self.refs(project, "heads")).removeprefix("refs/heads/"))

    def branch(self, project):
        start = self.chance.choice(self.refs(project, "heads"))
        name = self.lab.unique("b")
        name = name if self.chance.random() < 0.7 else f"deep/{name}"
        self.git(project, "update-ref", f"refs/heads/{name}", self.make_commit(project, [start]))

    def rewrite(self, project):
        ref = self.chance.choice(self.refs(project, "heads"))
        history = self.git(project, "rev-list", "-n", "3", ref).split()
        parents = history[1:2] if self.chance.random() < 0.9 else []
        self.git(project, "update-ref", ref, self.make_commit(project, parents))

    def delete(self, project):
        others = [ref for ref in self.refs(project, "heads") if ref != "refs/heads/main"]
        if others:
            self.git(project, "update-ref", "-d", self.chance.choice(others))

    def tag(self, project):
        tip = self.git(project, "rev-parse", self.chance.choice(self.refs(project, "heads")))
        words = ["-a", "-m", "x"] if self.chance.random() < 0.5 else []
        self.git(project, *IDENTITY, "tag", *words, self.lab.unique("v"), tip)

    def move_tag(self, project):
        tags = self.refs(project, "tags")
        if tags:
            self.git(project, "update-ref", self.chance.choice(tags), self.make_commit(project, ["refs/heads/main"]))

    def delete_tag(self, project):
        tags = self.refs(project, "tags")
        if tags:
            self.git(project, "update-ref", "-d", self.chance.choice(tags))

    def rename(self, project):
        self.lab.api("source", "PUT", f"/projects/{project}", {"path": self.lab.unique("renamed")})

    def move(self, project):
        present = self.lab.api("source", "GET", f"/projects/{project}")["namespace"]["id"]
        group = self.chance.choice([number for number in self.groups if number != present])
        self.lab.api("source", "PUT", f"/projects/{project}/transfer", {"namespace": group})

    def swap(self, project):
        """Two projects of one group exchange their paths."""
        first = self.lab.api("source", "GET", f"/projects/{project}")
        for other in self.projects:
            second = self.lab.api("source", "GET", f"/projects/{other}")
            if other != project and second["namespace"]["id"] == first["namespace"]["id"]:
                self.lab.api("source", "PUT", f"/projects/{other}", {"path": self.lab.unique("between")})
                self.lab.api("source", "PUT", f"/projects/{project}", {"path": second["path"]})
                self.lab.api("source", "PUT", f"/projects/{other}", {"path": first["path"]})
                return

    def rename_group(self, _):
        self.lab.api("source", "PUT", f"/groups/{self.chance.choice(self.groups[:2])}", {"path": self.lab.unique("group")})

    def archive(self, project):
        verb = "archive" if self.chance.random() < 0.5 else "unarchive"
        self.lab.api("source", "POST", f"/projects/{project}/{verb}")

    def edit_wiki(self, project):
        if not os.path.isdir(self.place("source", project, wiki=True)):
            body = {"title": "home", "content": "Welcome"}
            # An archived project takes no page.
            self.lab.api("source", "POST", f"/projects/{project}/unarchive")
            self.lab.api("source", "POST", f"/projects/{project}/wikis", body)
            return
        branch = self.refs(project, "heads", wiki=True)[0].removeprefix("refs/heads/")
        self.commit(project, branch, wiki=True)

    def rewrite_wiki(self, project):
        if os.path.isdir(self.place("source", project, wiki=True)):
            ref = self.refs(project, "heads", wiki=True)[0]
            history = self.git(project, "rev-list", "-n", "2", ref, wiki=True).split()
            self.git(project, "update-ref", ref, self.make_commit(project, history[1:2], wiki=True), wiki=True)


class Judge:
    """What git says of source, copies and mirrors."""

    def __init__(self, world):
        self.world, self.lab = world, world.lab
        # The commits and tags that a copy ever had, by project and kind of repository.
        self.tips = {}
        self.copies = {}

    def mirror(self, project, wiki):
        root = os.path.join(self.lab.variables["GITLAB_SYNC_STATE_DIR"], "mirrors")
        return os.path.join(root, os.listdir(root)[0], f"{project}{'.wiki' if wiki else ''}.git")

    def copy(self, project):
        """The number of a project's copy, by the path that it has now; it never changes."""
        path = self.lab.api("source", "GET", f"/projects/{project}")["path_with_namespace"]
        number = self.lab.project("target", path)["id"]
        if self.copies.setdefault(project, number) != number:
            raise RuntimeError(f"the copy of project {project} was {self.copies[project]} and is now {number}")
        return number

    def repositories(self):
        for project in self.world.projects:
            for wiki in (False, True):
                if os.path.isdir(self.world.place("source", project, wiki)):
                    yield project, wiki

    def note(self):
        """Remembers what the copies have, also after a run that was killed."""
        for project, wiki in self.repositories():
            number = self.copies.get(project)
            place = number and self.world.place("target", number, wiki)
            if place and os.path.isdir(place):
                names = ("refs/heads/", "refs/tags/")
                oids = self.lab.git("-C", place, "for-each-ref", "--format=%(objectname)", *names).split()
                self.tips.setdefault((project, wiki), set()).update(oids)

    def check_equal(self):
        for project, wiki in self.repositories():
            number = self.copy(project)
            refs = [
                self.lab.git("-C", place, "for-each-ref", "--format=%(objectname) %(refname)", "refs/heads/", "refs/tags/")
                for place in (self.world.place("source", project, wiki), self.world.place("target", number, wiki))
            ]
            if refs[0] != refs[1]:
                raise RuntimeError(f"the copy {number} of project {project} (wiki: {wiki}) differs:\n{refs[0]}\n{refs[1]}")

    def check_kept(self):
        """Every tip that a copy ever had can still be reached, in the copy or in the mirror."""
        for (project, wiki), tips in self.tips.items():
            lost = tips
            for place in (self.world.place("target", self.copies[project], wiki), self.mirror(project, wiki)):
                known = set(self.lab.git("-C", place, "for-each-ref", "--format=%(objectname)").split())
                walk = self.lab.git("-C", place, "rev-list", "--all", "--objects", "--no-object-names")
                lost = lost - known - set(walk.split())
            if lost:
                raise RuntimeError(f"project {project} (wiki: {wiki}) lost {sorted(lost)}")
        return sum(len(tips) for tips in self.tips.values())

    def fsck(self):
        for project, wiki in self.repositories():
            for place in (self.world.place("target", self.copies[project], wiki), self.mirror(project, wiki)):
                if os.path.isdir(place):
                    self.lab.git("-C", place, "fsck", "--full", "--no-dangling")


def run(lab, *arguments, limit=None):
    """One run; killed after `limit` seconds. Returns its status, its document and how long it took."""
    environment = lab.environment | lab.variables | {"LOCAL_GITLAB_GROUP": GROUP}
    start = time.monotonic()
    command = [f"{lab.programs}/gitlab-sync", "--output", "json", *arguments]
    with open(lab.path("run.json"), "wb") as output, open(lab.path("run.log"), "wb") as log:
        process = subprocess.Popen(command, stdout=output, stderr=log, env=environment)
        try:
            process.wait(limit)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    with open(lab.path("run.json"), encoding="utf-8") as file:
        text = file.read()
    return process.returncode, json.loads(text) if text.strip() else None, time.monotonic() - start


def explain(lab, document):
    with open(lab.path("run.log"), encoding="utf-8") as file:
        return json.dumps(document, indent=1)[-6000:] + file.read()[-3000:]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--programs", required=True, help="the folder of gitlab-sync and gitlab-lab")
    parser.add_argument("--histories", type=int, default=300)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    chance = random.Random(options.seed)
    killed = held = tips = 0
    with Lab(options.programs) as lab:
        world = World(lab, chance)
        judge = Judge(world)
        status, document, duration = run(lab)
        if status != 0:
            raise RuntimeError(f"the first run ended with {status}: {explain(lab, document)}")
        judge.check_equal()
        for number in range(options.histories):
            for _ in range(chance.randint(1, 4)):
                world.change()
            if chance.random() < 0.6:
                killed += run(lab, limit=chance.uniform(0, duration))[0] == -9
                judge.note()
            status, document, duration = run(lab)
            for _ in range(3):
                if status != 3:
                    break
                held += 1
                judge.note()
                status, document, duration = run(lab, "--approve", ",".join(finding["id"] for finding in document["guards"]))
            if status != 0:
                raise RuntimeError(f"history {number}: the run ended with {status}: {explain(lab, document)}")
            judge.check_equal()
            judge.note()
            if number % 10 == 9 or number == options.histories - 1:
                tips = judge.check_kept()
        judge.fsck()
        operations = ", ".join(f"{count} {name}" for name, count in sorted(world.counts.items()))
        print(f"{options.histories} histories, {sum(world.counts.values())} operations ({operations}), {killed} kills, {held} times a "
              f"guard, {tips} tips checked: every copy equal, nothing lost, fsck clean")


if __name__ == "__main__":
    main()
