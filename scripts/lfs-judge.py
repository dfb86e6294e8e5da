"""See scripts/lfs-judge."""
import json
import os
import pathlib
import shlex
import subprocess
import sys
import tempfile
import time
import urllib.request

SOURCE, TARGET = "LOCAL_GITLAB_URL", "REMOTE_GITLAB_URL"
PROGRAMS, OBJECTS, MEGABYTES = pathlib.Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])


class Judge:
    def __init__(self, folder):
        self.folder = folder
        (folder / "home").mkdir()
        self.lab = subprocess.Popen(
            [PROGRAMS / "gitlab-lab", "up", "--no-world", "--directory", folder / "lab", "--env-file", folder / "env"],
            stdout=subprocess.PIPE, text=True)
        for line in self.lab.stdout:
            if line.strip() == "ready":
                break
        exports = (shlex.split(line)[1] for line in (folder / "env").read_text().splitlines())
        self.variables = dict(word.split("=", 1) for word in exports)
        ssh = folder / "lab" / "ssh"
        self.environment = {
            "PATH": os.environ["PATH"], "HOME": str(folder / "home"), "GIT_TERMINAL_PROMPT": "0",
            "GIT_SSH_COMMAND": f"ssh -F none -i {ssh}/id_ed25519 -o IdentitiesOnly=yes -o BatchMode=yes"
                               f" -o UserKnownHostsFile={ssh}/known_hosts",
        }
        self.git("config", "--global", "user.name", "Judge")
        self.git("config", "--global", "user.email", "judge@example.com")
        self.git("lfs", "install", "--skip-repo")

    def end(self):
        self.lab.terminate()
        self.lab.wait()

    def git(self, *arguments, where=None, **variables):
        return subprocess.run(["git", *map(str, arguments)], cwd=where, env=self.environment | variables, check=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True).stdout

    def call(self, server, path, method="GET", body=None):
        request = urllib.request.Request(self.variables[server] + path, method=method)
        request.add_header("Content-Type", "application/json")
        if "/api/" in path:
            token = "LAB_SOURCE_API_TOKEN" if server == SOURCE else "REMOTE_GITLAB_TOKEN"
            request.add_header("PRIVATE-TOKEN", self.variables[token])
        with urllib.request.urlopen(request, json.dumps(body).encode() if body else None) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def sync(self, *arguments):
        """Runs gitlab-sync; returns its result, its seconds and its peak memory in MB."""
        output = self.folder / "output"
        begin = time.monotonic()
        with output.open("w") as file, (self.folder / "log").open("w") as log:
            process = subprocess.Popen(
                [PROGRAMS / "gitlab-sync", "--local-group", "acme", "--output", "json", *map(str, arguments)],
                env=self.environment | self.variables, stdout=file, stderr=log)
            _, status, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            sys.exit(f"gitlab-sync: exit {process.returncode}\n{output.read_text()}\n{(self.folder / 'log').read_text()}")
        return json.loads(output.read_text()), seconds, usage.ru_maxrss / 1024

    def check(self, url, name):
        """Lets git-lfs fetch everything from `url` and check it."""
        clone = self.folder / name
        self.git("clone", "-q", url, clone, GIT_LFS_SKIP_SMUDGE="1")
        self.git("lfs", "fetch", "--all", where=clone)
        said = self.git("lfs", "fsck", "--objects", where=clone).strip()
        found = sum(1 for file in (clone / ".git/lfs/objects").rglob("*") if file.is_file())
        print(f"{name}: git lfs fetch --all brought {found} objects; git lfs fsck: {said}")
        if found != OBJECTS or "OK" not in said:
            sys.exit(f"{name}: expected {OBJECTS} objects")


def main(judge):
    group = judge.call(SOURCE, "/api/v4/groups", "POST", {"name": "acme", "path": "acme"})
    project = judge.call(SOURCE, "/api/v4/projects", "POST", {"name": "art", "namespace_id": group["id"]})
    work = judge.folder / "work"
    judge.git("init", "-q", "-b", "main", work)
    judge.git("lfs", "track", "*.bin", where=work)
    size = MEGABYTES << 20
    with (work / "big.bin").open("wb") as file:
        for _ in range(MEGABYTES):
            file.write(os.urandom(1 << 20))
    for number in range(1, OBJECTS):
        content = os.urandom(20_000 + number * 100)
        (work / f"{number}.bin").write_bytes(content)
        size += len(content)
        if number in (OBJECTS // 3, OBJECTS // 2):
            judge.git("add", "-A", where=work)
            judge.git("commit", "-q", "-m", f"up to {number}", where=work)
    judge.git("add", "-A", where=work)
    judge.git("commit", "-q", "-m", "all", where=work)
    judge.git("tag", "v1", where=work)
    judge.git("push", "-q", project["ssh_url_to_repo"], "main", "v1", where=work)
    print(f"git-lfs pushed {OBJECTS} objects with {size / 1e6:.1f} MB, the largest with {MEGABYTES} MiB")
    judge.check(project["ssh_url_to_repo"], "source")

    result, seconds, memory = judge.sync()
    print(f"gitlab-sync: {json.dumps(result['projects'][0]['lfs'])} in {seconds:.1f} s, peak memory {memory:.0f} MB")
    copy = judge.call(TARGET, "/api/v4/projects/acme%2Fart")["ssh_url_to_repo"]
    judge.check(copy, "target")
    mirror = next((judge.folder / "lab" / "state" / "mirrors").glob("*/*.git"))
    print(f"mirror: git lfs fsck: {judge.git('lfs', 'fsck', '--objects', where=mirror).strip()}")

    for server in (SOURCE, TARGET):
        judge.call(server, "/-/lab/journal", "DELETE")
    result, seconds, memory = judge.sync()
    counts = result["projects"][0]["lfs"]
    requests = [judge.call(server, "/-/lab/journal")["lfs_requests"] for server in (SOURCE, TARGET)]
    print(f"second run: {json.dumps(counts)}, {sum(requests)} LFS requests, in {seconds:.1f} s, peak memory {memory:.0f} MB")
    if any(counts.values()) or any(requests):
        sys.exit("the second run was to ask for nothing")

    result, seconds, memory = judge.sync(
        "--remote-group", "streamed", "--lfs", "stream", "--state-dir", judge.folder / "state2")
    print(f"--lfs stream: {json.dumps(result['projects'][0]['lfs'])} in {seconds:.1f} s, peak memory {memory:.0f} MB")
    judge.check(copy.replace("/acme/", "/streamed/"), "streamed")


with tempfile.TemporaryDirectory(prefix="lfs-judge-") as name:
    judge = Judge(pathlib.Path(name))
    try:
        main(judge)
    finally:
        judge.end()
