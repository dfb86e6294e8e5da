"""Runs a command and measures it from outside, with its children."""

import json
import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass, field


@dataclass
class Sample:
    """One run of a command."""

    wall: float
    """Seconds."""
    cpu: float
    """Seconds, user and system, of the command and all children that it waited for."""
    memory: float
    """The largest resident size of any one of these processes, in MB."""


@dataclass
class Series:
    """The runs of one command in all rounds."""

    samples: list[Sample] = field(default_factory=list)

    def median(self, what):
        return statistics.median(getattr(sample, what) for sample in self.samples)

    def to_json(self):
        names = ("wall", "cpu", "memory")
        return {name: {"median": round(self.median(name), 4),
                       "all": [round(getattr(sample, name), 4) for sample in self.samples]} for name in names}


def run(command, environment, folder, log):
    """Runs `command` once in `folder`, below a small process of its own.

    A child's largest size begins with its parent's, whatever it then runs, and this script may have grown.
    """
    helper = [sys.executable, "-I", "-S", os.path.abspath(__file__), *command]
    with open(log, "ab") as output:
        result = subprocess.run(
            helper, env=environment, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=output,
        )
    status, wall, cpu, memory = json.loads(result.stdout)
    if status != 0:
        with open(log, encoding="utf-8", errors="replace") as output:
            raise RuntimeError(f"{command[0]} ended with {status}: {output.read()[-2000:]}")
    return Sample(wall, cpu, memory)


def _measure(command):
    """Runs `command` with its output on standard error and prints its exit status and figures.

    wait4 gives the figures of the child and of all children that it waited for; nothing is polled.
    """
    start = time.monotonic()
    pid = os.posix_spawnp(command[0], command, os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, 2, 1)])
    _, status, usage = os.wait4(pid, 0)
    wall = time.monotonic() - start
    cpu = usage.ru_utime + usage.ru_stime
    print(json.dumps([os.waitstatus_to_exitcode(status), wall, cpu, usage.ru_maxrss / 1024]))


if __name__ == "__main__":
    _measure(sys.argv[1:])
