#!/usr/bin/env python3
"""Measures gitlab-sync beside the git binary; see README.md."""

import argparse
import json
import os
import platform
import signal
import subprocess
import sys
from datetime import datetime, timezone

import cases


def options():
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument("--repository", help="a bare repository of 50 MB or more; one is made if left out")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--projects", type=int, default=200, help="small projects")
    parser.add_argument("--many", type=int, default=2000, help="projects of the case 'many'; 0 leaves it out")
    parser.add_argument("--refs", type=int, default=100_000, help="refs of the cases 'refs-*'")
    parser.add_argument("--case", action="append", help="only this case; may be repeated")
    parser.add_argument("--transport", choices=("ssh", "https"), default="ssh", help="how both carry git's data")
    parser.add_argument("--json", default="Benchmarks/results.json", help="where the figures go")
    parser.add_argument("--programs", required=True, help=argparse.SUPPRESS)
    return parser.parse_args()


def ratio(case, what):
    if not case.git.samples or not case.git.median(what):
        return None
    return case.ours.median(what) / case.git.median(what)


def checks(case):
    """Each promise of a case: what is measured, the most that it may be, and what it is."""
    promise = case.promise
    if promise.wall is not None:
        yield "wall", "x git", promise.wall, ratio(case, "wall")
    if promise.cpu is not None:
        yield "CPU", "x git", promise.cpu, ratio(case, "cpu")
    if promise.memory is not None:
        yield "memory", "MB", promise.memory, case.ours.median("memory")
    if promise.memory_over_base is not None:
        yield "memory over base", "MB", promise.memory_over_base, case.ours.median("memory") - case.base
    if promise.memory_ratio is not None:
        yield "memory", "x git", promise.memory_ratio, ratio(case, "memory")
    if promise.milliseconds_each is not None:
        each = case.ours.median("cpu") * 1000 / case.projects
        yield "CPU for each", "ms", promise.milliseconds_each, each


def table(bench):
    print(f"\n{'':<40} {'wall, s':>17} {'CPU, s':>17} {'memory, MB':>13}")
    print(f"{'case':<40} {'ours':>8} {'git':>8} {'ours':>8} {'git':>8} {'ours':>6} {'git':>6}")
    for case in bench.cases:
        figures = []
        for what, width, digits in (("wall", 8, 2), ("cpu", 8, 2), ("memory", 6, 0)):
            for series in (case.ours, case.git):
                figures.append(f"{series.median(what):>{width}.{digits}f}" if series.samples else " " * width)
        print(f"{case.title:<40} {' '.join(figures)}")
    print(f"\n{'promise':<54} {'at most':>12} {'measured':>12}")
    for case in bench.cases:
        for what, unit, most, measured in checks(case):
            verdict = "kept" if measured <= most else "MISSED"
            print(f"{case.title + ': ' + what:<54} {f'{most:g} {unit}':>12} {f'{measured:.3g} {unit}':>12}  {verdict}")
        if not any(True for _ in checks(case)):
            print(f"{case.title + ': wall, CPU':<54} {'':>12} {ratio(case, 'wall'):>6.2f}, {ratio(case, 'cpu'):.2f} x git")


def document(bench, load):
    def output(*command):
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    results = []
    for case in bench.cases:
        verdicts = [
            {"figure": what, "unit": unit, "at_most": most, "measured": round(measured, 4), "kept": measured <= most}
            for what, unit, most, measured in checks(case)
        ]
        result = {"case": case.name, "title": case.title, "ours": case.ours.to_json(), "promises": verdicts}
        if case.git.samples:
            result["git"] = case.git.to_json()
            result["ratios"] = {name: round(ratio(case, name), 4) for name in ("wall", "cpu", "memory")}
        results.append(result)
    return {
        "time": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "rounds": bench.options.rounds,
        "machine": {"cores": os.cpu_count(), "system": platform.platform(), "load_before": load,
                    "load_after": os.getloadavg()},
        "git": output("git", "--version"),
        "gitlab_sync": output(f"{bench.programs}/gitlab-sync", "--version"),
        **bench.notes,
        "cases": results,
    }


def main():
    chosen = options()
    # As an exception, so that the lab ends and its folder goes.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    load = os.getloadavg()
    bench = cases.Bench(chosen, os.path.abspath(chosen.programs))
    for part in (cases.small_projects, cases.one_big_repository, cases.many_refs, cases.many_projects):
        part(bench)
    if not bench.cases:
        sys.exit("no such case")
    table(bench)
    with open(chosen.json, "w", encoding="utf-8") as file:
        json.dump(document(bench, load), file, indent=1)
        file.write("\n")
    kept = all(measured <= most for case in bench.cases for _, _, most, measured in checks(case))
    sys.exit(0 if kept else 1)


if __name__ == "__main__":
    main()
