"""Several runs that share one GitLab's projects, and what runs with nothing to do over very many of them cost.

Four shards copy everything at the same time: every project must be copied by one of them, every group be there once. Then three shards
run: nothing may be sent again, and nothing be fetched but by those that own a project newly. At last one run over each of several sizes
of GitLab has nothing to do, and is measured: does its cost grow as the number of projects does?
"""

import argparse
import json
import os
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from size import COLUMNS, GROUP, Lab, check, expect, measure, sessions  # noqa: E402


def run_shards(lab, count, jobs):
    """All shards at the same time: prints what they cost together, and returns their results."""
    sessions(lab, "--clear")
    running = []
    start = time.monotonic()
    for number in range(1, count + 1):
        variables = {"LOCAL_GITLAB_GROUP": GROUP, "GITLAB_SYNC_SHARD": f"{number}/{count}",
                     "GITLAB_SYNC_STATE_DIR": lab.path(f"state-{number}")}
        command = [f"{lab.programs}/gitlab-sync", "sync", "--output", "json", "-q", *jobs]
        with open(lab.path(f"shard-{number}.json"), "wb") as output, open(lab.path(f"shard-{number}.log"), "wb") as log:
            process = subprocess.Popen(command, stdout=output, stderr=log, env=lab.environment | lab.variables | variables)
        running.append((number, process))
    cpu, memory, results = 0.0, 0, []
    for number, process in running:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        cpu += usage.ru_utime + usage.ru_stime
        memory = max(memory, usage.ru_maxrss // 1024)
        with open(lab.path(f"shard-{number}.json"), encoding="utf-8") as file:
            results.append(json.load(file))
        if process.returncode != 0:
            failures = [p for p in results[-1]["projects"] if p["error"]] + results[-1]["errors"]
            raise RuntimeError(f"shard {number}/{count}: {results[-1]['result']}, such as {failures[:3]}")
    wall = time.monotonic() - start
    requests, git = sessions(lab)
    print(COLUMNS.format(f"{count} shards", f"{wall:.1f} s", f"{cpu:.2f} s", f"{memory} MB", requests, git), flush=True)
    return results


def groups(lab, side):
    """The full paths of all groups."""
    paths, page = [], 1
    while True:
        found = lab.api(side, "GET", f"/groups?per_page=100&order_by=id&sort=asc&page={page}")
        paths += [group["full_path"] for group in found]
        if len(found) < 100:
            return sorted(path for path in paths if path.split("/")[0] == GROUP)
        page += 1


def owners(results):
    """The shard that reported each project; raises if two did."""
    found = {}
    for number, result in enumerate(results, 1):
        for project in result["projects"]:
            if project["kind"] == "project" and found.setdefault(project["source"], number) != number:
                raise RuntimeError(f"{project['source']} belongs to two shards")
    return found


def share(options, jobs):
    print(f"{options.projects} projects in {options.groups} groups, {options.jobs} jobs in each shard, {os.cpu_count()} cores")
    with Lab(options.programs, options.projects, ["--groups", str(options.groups)]) as lab:
        print(COLUMNS.format("run", "wall", "CPU", "memory", "API requests", "git sessions"))
        four = run_shards(lab, 4, jobs)
        before = owners(four)
        expect("the number of projects", len(before) == options.projects)
        expect("the first run", all(p["status"] == "synced" for r in four for p in r["projects"]))
        expect("the groups of the target", groups(lab, "target") == groups(lab, "source"))
        check(lab, options.projects)
        three = run_shards(lab, 3, jobs)
        after = owners(three)
        expect("the number of projects with three shards", len(after) == options.projects)
        moved = {path for path in before if before[path] != after[path]}
        expect("what moved", moved == {path for path in before if before[path] == 4})
        fetched = {p["source"] for r in three for p in r["projects"] if p["bytes"] > 0}
        expect("what was fetched again", fetched <= moved)
        expect("what was sent again", not any(p["packs"] for r in three for p in r["projects"] if "packs" in p))
        print(f"  {len(moved)} of {options.projects} projects went to another shard; nothing was sent to the target")
        check(lab, options.projects)
        still = run_shards(lab, 3, jobs)
        expect("the run after that", all(p["status"] == "unchanged" for r in still for p in r["projects"]))


def grow(options, jobs):
    print("\none run over everything, nothing to do")
    print(COLUMNS.format("projects", "wall", "CPU", "memory", "API requests", "git sessions"))
    for size in options.sizes:
        with Lab(options.programs, size, ["--groups", str(max(1, size * options.groups // options.projects))]) as lab:
            measure(lab, f"{size}, first", *jobs)
            for name in (f"{size}", f"{size}, again"):
                still = measure(lab, name, *jobs)
                expect(name, all(p["status"] == "unchanged" for p in still["projects"]))
            measure(lab, f"{size}, --changed-only", *jobs, "--changed-only")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--programs", required=True, help="the folder of gitlab-sync and gitlab-lab")
    parser.add_argument("--projects", type=int, default=1000)
    parser.add_argument("--groups", type=int, default=150)
    parser.add_argument("--sizes", type=lambda text: [int(size) for size in text.split(",") if size],
                        default=[2500, 5000, 10000], help="how many projects the runs with nothing to do are over; empty for none")
    parser.add_argument("--jobs", default="4")
    options = parser.parse_args()
    jobs = ("--jobs", options.jobs)
    share(options, jobs)
    if options.sizes:
        grow(options, jobs)


if __name__ == "__main__":
    main()
