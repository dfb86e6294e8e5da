"""Thousands of projects in hundreds of groups: what runs over them cost, and whether storms leave anything out.

The first run copies everything while 429, 502 and cut connections strike every endpoint of both servers; git compares all copies
then, and no project may be there twice. The others are calm: two that look at everything, one with --changed-only, and one after a push.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import time
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "Benchmarks"))
from lab import Lab  # noqa: E402

GROUP = "many"
COLUMNS = "{:<34}{:>9}{:>9}{:>9}{:>16}{:>16}"


def measure(lab, name, *arguments):
    """One run: prints what it cost, and returns its result."""
    sessions(lab, "--clear")
    environment = lab.environment | lab.variables | {"LOCAL_GITLAB_GROUP": GROUP}
    command = [f"{lab.programs}/gitlab-sync", "sync", "--output", "json", "-q", *arguments]
    start = time.monotonic()
    with open(lab.path("result.json"), "wb") as output, open(lab.path("run.log"), "wb") as log:
        process = subprocess.Popen(command, stdout=output, stderr=log, env=environment)
        _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - start
    requests, git = sessions(lab)
    cpu = usage.ru_utime + usage.ru_stime
    print(COLUMNS.format(name, f"{wall:.1f} s", f"{cpu:.2f} s", f"{usage.ru_maxrss // 1024} MB", requests, git), flush=True)
    with open(lab.path("result.json"), encoding="utf-8") as file:
        result = json.load(file)
    if os.waitstatus_to_exitcode(status) != 0:
        failures = [p for p in result["projects"] if p["error"]] + result["errors"]
        raise RuntimeError(f"{name}: {result['result']}, {len(failures)} failures, such as {failures[:3]}")
    return result


def sessions(lab, *arguments):
    """The API requests and git sessions of source and target since the last time."""
    command = [f"{lab.programs}/gitlab-lab", "sessions", "--env-file", lab.path("env"), *arguments]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = [tuple(map(int, re.findall(r"\d+", line))) for line in text.splitlines()]
    (a, b, c), (d, e, f) = found
    return f"{a} + {d}", f"{b + c} + {e + f}"


def projects(lab, variable):
    with urllib.request.urlopen(lab.variables[variable] + "/-/lab/projects") as response:
        return [project["path"] for project in json.load(response)]


def check(lab, count):
    """Raises unless the target has every project once, with its refs."""
    source, target = projects(lab, "LOCAL_GITLAB_URL"), projects(lab, "REMOTE_GITLAB_URL")
    if len(source) != count or sorted(source) != sorted(target):
        raise RuntimeError(f"{len(source)} projects at the source, {len(target)} on the target")
    command = [f"{lab.programs}/gitlab-lab", "compare", "--env-file", lab.path("env")]
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode != 0:
        wrong = [line for line in result.stdout.splitlines() if not line.startswith("=")]
        raise RuntimeError(f"copies are not equal: {wrong[:5]}")
    print(f"  every one of {count} projects is there once, with its refs", flush=True)


def push(lab, path):
    work = lab.path("work")
    lab.git("clone", "-q", lab.url("source", path), work)
    identity = ["-c", "user.name=Lab", "-c", "user.email=lab@example.com"]
    lab.git("-C", work, *identity, "commit", "-q", "--allow-empty", "-m", "One more")
    lab.git("-C", work, "push", "-q", "origin", "HEAD")


def expect(name, condition):
    if not condition:
        raise RuntimeError(f"{name} is not as it should be")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--programs", required=True, help="the folder of gitlab-sync and gitlab-lab")
    parser.add_argument("--projects", type=int, default=2000)
    parser.add_argument("--groups", type=int, default=300)
    parser.add_argument("--storm", type=float, default=0.05, help="how many of all requests are struck")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--jobs", default="4")
    options = parser.parse_args()
    jobs = ("--jobs", options.jobs)
    print(f"{options.projects} projects in {options.groups} groups, {options.storm:.0%} of all requests struck, "
          f"seed {options.seed}, {options.jobs} jobs, {os.cpu_count()} cores")
    up = ["--groups", str(options.groups), "--storm", str(options.storm), "--seed", str(options.seed)]
    with Lab(options.programs, options.projects, up) as lab:
        print(COLUMNS.format("run", "wall", "CPU", "memory", "API requests", "git sessions"))
        first = measure(lab, "first, in storms", *jobs)
        expect("the first run", all(p["status"] == "synced" for p in first["projects"]))
        check(lab, options.projects)
        sessions(lab, "--calm")
        for name in ("nothing to do", "nothing to do, again"):
            still = measure(lab, name, *jobs)
            expect(name, all(p["status"] == "unchanged" for p in still["projects"]))
        unseen = measure(lab, "nothing to do, --changed-only", *jobs, "--changed-only")
        expect("the run with --changed-only", unseen["run"]["notLookedAt"] == options.projects)
        push(lab, first["projects"][len(first["projects"]) // 2]["source"])
        one = measure(lab, "one push, --changed-only", *jobs, "--changed-only")
        expect("the run after a push", one["run"]["notLookedAt"] == options.projects - 1)
        expect("the run after a push", [p["status"] for p in one["projects"]].count("synced") == 1)
        check(lab, options.projects)


if __name__ == "__main__":
    main()
