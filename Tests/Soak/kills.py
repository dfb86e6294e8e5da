"""Kills gitlab-sync at random instants, and expects the next run to bring everything to rights.

For each kind of run: what changes at the source (or on the target), a run that is killed with SIGKILL after a random time, a
run that is left alone. That one must end with 0; then branches and tags of source, target and mirror must be equal,
`git fsck --full` must find nothing in target and mirror, and old tips must be kept on both.
"""

import argparse
import os
import random
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "Benchmarks"))
from lab import Lab  # noqa: E402

GROUP = "many"
BLOB = 400_000


class Project:
    """A project at the source, with the repository that its commits are made in."""

    def __init__(self, lab, name):
        self.lab, self.path, self.work = lab, f"{GROUP}/{name}", lab.path(f"work-{name}.git")
        lab.git("init", "-q", "--bare", self.work)
        self.kept = []
        self.exists = False

    def git(self, *arguments, **options):
        return self.lab.git("-C", self.work, *arguments, **options).strip()

    def commit(self, branch, parents=()):
        """A commit with a file that does not compress."""
        file = self.lab.path("blob")
        with open(file, "wb") as output:
            output.write(random.randbytes(BLOB))
        blob = self.git("hash-object", "-w", file)
        tree = self.git("mktree", input=f"100644 blob {blob}\t{branch}\n")
        words = [word for parent in parents for word in ("-p", parent)]
        identity = ["-c", "user.name=Lab", "-c", "user.email=lab@example.com"]
        commit = self.git(*identity, "commit-tree", tree, "-m", "x", *words)
        self.git("update-ref", f"refs/heads/{branch}", commit)
        return commit

    def tip(self, branch):
        return self.git("rev-parse", f"refs/heads/{branch}")

    def publish(self):
        """Through the server, which creates the project, the first time; then past its rules for protected branches."""
        place = self.lab.repository("source", self.path) if self.exists else self.lab.url("source", self.path)
        self.git("push", "-q", "--prune", "--force", place, "refs/heads/*:refs/heads/*")
        self.exists = True

    def mirror(self):
        number = self.lab.project("source", self.path)["id"]
        root = os.path.join(self.lab.variables["GITLAB_SYNC_STATE_DIR"], "mirrors")
        return os.path.join(root, os.listdir(root)[0], f"{number}.git")

    def check(self):
        self.lab.check(self.path, self.path, full=True)
        heads = ("for-each-ref", "--format=%(objectname) %(refname)", "refs/heads/", "refs/tags/")
        if self.lab.git("-C", self.mirror(), *heads) != self.lab.refs("source", self.path):
            raise RuntimeError(f"the mirror of {self.path} is not equal")
        self.lab.git("-C", self.mirror(), "fsck", "--full")
        for place in (self.mirror(), self.lab.repository("target", self.path)):
            for tip in self.kept:
                if not self.lab.git("-C", place, "for-each-ref", "--points-at", tip, "refs/archive/"):
                    raise RuntimeError(f"the old tip {tip} of {self.path} is not kept in {place}")


class First:
    """A project that is not on the target: its pack is sent on while it comes in."""

    def __init__(self, lab):
        self.lab = lab

    def change(self):
        project = Project(self.lab, self.lab.unique("first"))
        for branch in ("main", "topic"):
            project.commit(branch)
        project.publish()
        return project


class Existing:
    """A project that was copied once."""

    def __init__(self, lab):
        self.project = Project(lab, f"copy-of-{type(self).__name__.lower()}")
        self.base = self.project.commit("main")
        self.project.commit("main", [self.base])
        self.project.commit("topic")
        self.project.publish()


class Commits(Existing):
    """New commits: the source's pack is pushed as it was received."""

    def change(self):
        for branch in ("main", "topic"):
            self.project.commit(branch, [self.project.tip(branch)])
        self.project.publish()
        return self.project


class Rewrites(Existing):
    """A branch is rewritten, and one is deleted or comes back."""

    def change(self):
        project = self.project
        project.kept.append(project.tip("main"))
        # A history that shared nothing would wait for a person's word.
        project.commit("main", [self.base])
        if "refs/heads/topic" in project.git("for-each-ref"):
            project.kept.append(project.tip("topic"))
            project.git("update-ref", "-d", "refs/heads/topic")
        else:
            project.commit("topic")
        project.publish()
        return project


class Lost(Existing):
    """The target's project is gone, and comes anew from the mirror."""

    def change(self):
        lab, project = self.project.lab, self.project
        project.commit("main", [project.tip("main")])
        project.publish()
        number = lab.project("target", project.path)["id"]
        lab.api("target", "DELETE", f"/projects/{number}")
        while True:
            try:
                lab.project("target", project.path)
            except OSError:
                return project
            time.sleep(0.05)


def run(lab, limit=None):
    """One run; killed after `limit` seconds. Returns its status and how long it took."""
    environment = lab.environment | lab.variables | {"LOCAL_GITLAB_GROUP": GROUP}
    start = time.monotonic()
    with open(lab.path("run.log"), "wb") as log:
        process = subprocess.Popen([f"{lab.programs}/gitlab-sync"], stdout=log, stderr=log, env=environment)
        try:
            process.wait(limit)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    return process.returncode, time.monotonic() - start


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--programs", required=True, help="the folder of gitlab-sync and gitlab-lab")
    parser.add_argument("--kills", type=int, default=50, help="for each kind of run")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    instants = random.Random(options.seed)
    with Lab(options.programs, projects=1) as lab:
        for kind in (First, Commits, Rewrites, Lost):
            scene = kind(lab)
            if run(lab)[0] != 0:
                raise RuntimeError("a run failed: " + open(lab.path("run.log"), encoding="utf-8").read())
            scene.change().publish()
            duration = run(lab)[1]
            killed = 0
            for _ in range(options.kills):
                project = scene.change()
                limit = instants.uniform(0, duration)
                killed += run(lab, limit)[0] == -9
                status, _ = run(lab)
                if status != 0:
                    log = open(lab.path("run.log"), encoding="utf-8").read()
                    raise RuntimeError(f"killed after {limit:.3f} s, the next run ended with {status}:\n{log}")
                project.check()
            print(f"{kind.__name__:10} {options.kills} runs of {duration:.2f} s, {killed} killed in time: "
                  "every next run made all equal", flush=True)


if __name__ == "__main__":
    main()
