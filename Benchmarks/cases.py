"""What is measured: each case does the same work with gitlab-sync and with git, in turn, in every round."""

import os
import shutil
from dataclasses import dataclass, field

import history
from lab import Lab
from measure import Series, run


@dataclass
class Promise:
    """The most that a figure may be: times git's, or in its own unit."""

    wall: float | None = None
    cpu: float | None = None
    memory: float | None = None
    """MB."""
    memory_over_base: float | None = None
    """MB more than a run takes that finds nothing to do."""
    memory_ratio: float | None = None
    milliseconds_each: float | None = None


@dataclass
class Case:
    """One line of the table."""

    name: str
    title: str
    promise: Promise = field(default_factory=Promise)
    ours: Series = field(default_factory=Series)
    git: Series = field(default_factory=Series)
    projects: int = 1
    base: float = 0
    """The memory of a run that finds nothing to do, in MB."""


class Bench:
    """The state that cases share: programs, options, and what came out so far."""

    def __init__(self, options, programs):
        self.options = options
        self.programs = programs
        self.cases = []
        self.notes = {}

    def wants(self, *names):
        return not self.options.case or any(name in self.options.case for name in names)

    def case(self, *arguments, **named):
        case = Case(*arguments, **named)
        self.cases.append(case)
        return case

    def measure(self, case, number, ours, git):
        """One round: who goes first changes, so that neither always finds the warmer caches."""
        turns = [(case.ours, ours), (case.git, git)]
        for series, work in turns if number % 2 == 0 else reversed(turns):
            series.samples.append(work())
        print(f"  {case.name}, round {number + 1}: {case.ours.samples[-1].wall:.2f} s,"
              f" git {case.git.samples[-1].wall:.2f} s", flush=True)

    def sync(self, lab, spec, state="state"):
        """A run of gitlab-sync for one group."""
        command = [f"{self.programs}/gitlab-sync", "sync", "--output", "json", "--group", spec]
        variables = {name: lab.environment[name] for name in ("PATH", "HOME", "USER")} | lab.variables
        variables["GITLAB_SYNC_STATE_DIR"] = lab.path(state)
        variables["GITLAB_SYNC_TRANSPORT"] = self.options.transport
        return run(command, variables, lab.folder, lab.path("sync.log"))

    def script(self, lab, text, *arguments):
        """A run of a bash script that uses git."""
        command = ["bash", "-euo", "pipefail", "-c", text, "bash", *map(str, arguments)]
        return run(command, lab.environment, lab.folder, lab.path("git.log"))


LIST_BOTH = """
    for ((number = 1; number <= $3; number++)); do
        git ls-remote "$1/project-$number.git" 'refs/heads/*' 'refs/tags/*' >>"$4.source"
        git ls-remote "$2/project-$number.git" 'refs/heads/*' 'refs/tags/*' >>"$4.target"
    done
    cmp "$4.source" "$4.target"
    rm "$4.source" "$4.target"
"""

LIST_ONE = """
    git ls-remote "$1" 'refs/heads/*' 'refs/tags/*' >"$3.source"
    git ls-remote "$2" 'refs/heads/*' 'refs/tags/*' >"$3.target"
    cmp "$3.source" "$3.target"
"""

COPY_WHAT_DIFFERS = """
    for ((number = 1; number <= $3; number++)); do
        there=$(git ls-remote "$1/project-$number.git" 'refs/heads/*' 'refs/tags/*')
        here=$(git ls-remote "$2/project-$number.git" 'refs/heads/*' 'refs/tags/*')
        [ "$there" = "$here" ] && continue
        git -C "$4/$number.git" fetch --quiet --prune
        git -C "$4/$number.git" push --quiet --mirror "$2/project-$number.git"
    done
"""

FETCH_AND_PUSH = 'git -C "$1" fetch --quiet --prune; git -C "$1" push --quiet --mirror "$2"'
PUSH = 'git -C "$1" push --quiet --mirror "$2"'
CLONE_AND_PUSH = 'git clone --quiet --mirror "$1" "$2"; git -C "$2" push --quiet --mirror "$3"'


def small_projects(bench):
    """200 small projects: nothing to do, and five of them changed."""
    count = bench.options.projects
    if not bench.wants("noop", "few"):
        return
    print(f"{count} small projects", flush=True)
    with Lab(bench.programs, transport=bench.options.transport, projects=count) as lab:
        lab.create_group("by-git")
        source, target = (lab.url(*place)[:-4] for place in (("source", "many"), ("target", "by-git")))
        mirrors = lab.path("mirrors")
        bench.sync(lab, "many")
        for number in range(1, count + 1):
            address = f"{target}/project-{number}.git"
            bench.script(lab, CLONE_AND_PUSH, f"{source}/project-{number}.git", f"{mirrors}/{number}.git", address)
        if bench.wants("noop"):
            promise = Promise(wall=0.03, cpu=0.02, memory=64)
            case = bench.case("noop", f"nothing to do in {count} projects", promise, projects=count)
            for number in range(bench.options.rounds):
                bench.measure(
                    case, number, lambda: bench.sync(lab, "many"),
                    lambda: bench.script(lab, LIST_BOTH, source, target, count, lab.path("refs")),
                )
        if bench.wants("few"):
            promise = Promise(wall=0.06, cpu=0.05, memory=64)
            case = bench.case("few", f"5 of {count} projects changed", promise, projects=count)
            changed = [round((part + 0.5) * count / 5) for part in range(5)]
            for number in range(bench.options.rounds):
                for project in changed:
                    history.more(lab.repository("source", f"many/project-{project}"), "main", 1, number)
                bench.measure(
                    case, number, lambda: bench.sync(lab, "many"),
                    lambda: bench.script(lab, COPY_WHAT_DIFFERS, source, target, count, mirrors),
                )
                for project in changed:
                    paths = (f"{group}/project-{project}" for group in ("many", "by-git"))
                    lab.check(f"many/project-{project}", *paths, full=True)


def one_big_repository(bench):
    """A real repository, or one made for this: first sync, first push, new commits."""
    if not bench.wants("first-sync", "first-push", "commits-1", "commits-50"):
        return
    print("One big repository", flush=True)
    with Lab(bench.programs, transport=bench.options.transport, projects=1) as lab:
        lab.create_group("by-git")
        source = fill(bench, lab)
        spec = "source=many,exclude=many/project-*,target="
        rounds = range(bench.options.rounds)
        if bench.wants("first-sync"):
            promise = Promise(wall=0.85, cpu=0.9, memory_ratio=1)
            case = bench.case("first-sync", "first sync, end to end", promise)
            for number in rounds:
                name = lab.unique("first")
                bench.measure(
                    case, number, lambda: bench.sync(lab, spec + name, state=name),
                    lambda: bench.script(
                        lab, CLONE_AND_PUSH, source, lab.path(f"{name}.git"), lab.url("target", f"by-git/{name}")
                    ),
                )
                lab.check("many/big", f"{name}/big", f"by-git/{name}", full=number == 0)
                for folder in (name, f"{name}.git"):
                    shutil.rmtree(lab.path(folder))
        mirror = lab.path("big.git")
        bench.sync(lab, spec + "mirrored")
        bench.script(lab, CLONE_AND_PUSH, source, mirror, lab.url("target", "by-git/big"))
        base = bench.sync(lab, spec + "mirrored").memory
        if bench.wants("first-push"):
            promise = Promise(wall=0.85, cpu=0.5, memory_over_base=32)
            case = bench.case("first-push", "first push of a mirrored repository", promise, base=base)
            for number in rounds:
                name = lab.unique("push")
                bench.measure(
                    case, number, lambda: bench.sync(lab, spec + name),
                    lambda: bench.script(lab, PUSH, mirror, lab.url("target", f"by-git/{name}")),
                )
                lab.check("many/big", f"{name}/big", f"by-git/{name}", full=number == 0)
        repository = lab.repository("source", "many/big")
        for count in (1, 50):
            if bench.wants(f"commits-{count}"):
                # "Flat" in the promise: no more than the buffers of the two channels.
                promise = Promise(wall=0.6, cpu=0.35, memory_over_base=16)
                case = bench.case(f"commits-{count}", f"{count} new commits", promise, base=base)
                for number in rounds:
                    history.more(repository, "main", count, count * 100 + number)
                    bench.measure(
                        case, number, lambda: bench.sync(lab, spec + "mirrored"),
                        lambda: bench.script(lab, FETCH_AND_PUSH, mirror, lab.url("target", "by-git/big")),
                    )
                    lab.check("many/big", "mirrored/big", "by-git/big", full=number == 0)


def fill(bench, lab):
    """Puts the big repository into the source, packed as a server packs it; returns its address."""
    given = bench.options.repository
    repository = given or lab.path("made.git")
    if not given:
        lab.git("init", "--quiet", "--bare", "--initial-branch=main", repository)
        history.large(repository)
    address = lab.url("source", "many/big")
    lab.git("-C", repository, "push", "--quiet", address, "refs/heads/*:refs/heads/*", "refs/tags/*:refs/tags/*")
    stored = lab.repository("source", "many/big")
    lab.git("-C", stored, "repack", "-adbq")
    lab.git("-C", stored, "pack-refs", "--all")
    packs = os.path.join(stored, "objects/pack")
    size = sum(os.path.getsize(os.path.join(packs, name)) for name in os.listdir(packs) if name.endswith(".pack"))
    bench.notes["repository"] = {
        "megabytes": round(size / 1e6), "refs": len(lab.refs("source", "many/big").splitlines()),
        "origin": "given" if given else "made by history.py",
    }
    print(f"  {bench.notes['repository']}", flush=True)
    lab.git("-C", stored, "symbolic-ref", "HEAD", "refs/heads/main")
    return address


def many_refs(bench):
    """One repository with very many refs."""
    count = bench.options.refs
    if not bench.wants("refs-first", "refs-noop", "refs-one"):
        return
    print(f"{count} refs in one repository", flush=True)
    with Lab(bench.programs, transport=bench.options.transport, projects=1) as lab:
        lab.create_group("by-git")
        made = lab.path("made.git")
        lab.git("init", "--quiet", "--bare", "--initial-branch=main", made)
        history.many_refs(made, count)
        source = lab.url("source", "many/wide")
        lab.git("-C", made, "push", "--quiet", source, "refs/heads/main:refs/heads/main")
        stored = lab.repository("source", "many/wide")
        lab.git("-C", stored, "fetch", "--quiet", made, "+refs/*:refs/*")
        lab.git("-C", stored, "pack-refs", "--all")
        lab.git("-C", stored, "repack", "-adbq")
        spec = "source=many,exclude=many/project-*,target="
        copy, mirror = lab.url("target", "by-git/wide"), lab.path("refs.git")
        if bench.wants("refs-first"):
            case = bench.case("refs-first", f"{count} refs: first sync")
            for number in range(bench.options.rounds):
                name = lab.unique("first")
                clone, address = lab.path(f"{name}.git"), lab.url("target", f"by-git/{name}")
                bench.measure(
                    case, number, lambda: bench.sync(lab, spec + name, state=name),
                    lambda: bench.script(lab, CLONE_AND_PUSH, source, clone, address),
                )
                lab.check("many/wide", f"{name}/wide", f"by-git/{name}")
        bench.sync(lab, spec + "mirrored")
        bench.script(lab, CLONE_AND_PUSH, source, mirror, copy)
        for path in ("mirrored/wide", "by-git/wide"):
            # As GitLab's housekeeping does, and as it is at the source: a push leaves a file for each ref.
            lab.git("-C", lab.repository("target", path), "pack-refs", "--all")
        if bench.wants("refs-noop"):
            case = bench.case("refs-noop", f"{count} refs: nothing to do")
            for number in range(bench.options.rounds):
                bench.measure(
                    case, number, lambda: bench.sync(lab, spec + "mirrored"),
                    lambda: bench.script(lab, LIST_ONE, source, copy, lab.path("refs")),
                )
        if bench.wants("refs-one"):
            case = bench.case("refs-one", f"{count} refs: one new ref")
            for number in range(bench.options.rounds):
                history.more(stored, "main", 1, number)
                lab.git("-C", stored, "update-ref", f"refs/tags/round-{number}", "refs/heads/main")
                bench.measure(
                    case, number, lambda: bench.sync(lab, spec + "mirrored"),
                    lambda: bench.script(lab, FETCH_AND_PUSH, mirror, copy),
                )
                lab.check("many/wide", "mirrored/wide", "by-git/wide")


def many_projects(bench):
    """Nothing to do in very many projects: the cost of one must not grow with their number."""
    count = bench.options.many
    if not bench.wants("many") or count == 0:
        return
    print(f"{count} projects", flush=True)
    with Lab(bench.programs, transport=bench.options.transport, projects=count) as lab:
        bench.sync(lab, "many")
        case = bench.case(
            "many", f"nothing to do in {count} projects", Promise(milliseconds_each=10), projects=count
        )
        for number in range(bench.options.rounds):
            case.ours.samples.append(bench.sync(lab, "many"))
            print(f"  many, round {number + 1}: {case.ours.samples[-1].wall:.2f} s", flush=True)
