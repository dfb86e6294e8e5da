"""The lab's two servers, and what stands on their disks."""

import json
import os
import shutil
import signal
import subprocess
import tempfile
import urllib.parse
import urllib.request

GIT = ["git", "-c", "safe.directory=*", "-c", "gc.auto=0", "-c", "maintenance.auto=false"]


class Lab:
    """Two servers in a temporary folder, from `with` to its end."""

    def __init__(self, programs, projects=0, options=(), transport="ssh"):
        self.programs = programs
        self.options = options
        self.transport = transport
        self.projects = projects
        self.folder = tempfile.mkdtemp(prefix="gitlab-sync-bench-")
        self.serial = 0

    def __enter__(self):
        variables = self.path("env")
        command = [f"{self.programs}/gitlab-lab", "up", "--no-world", "--projects", str(self.projects), *self.options]
        command += ["--directory", self.path("lab"), "--env-file", variables]
        with open(self.path("lab.log"), "wb") as log:
            self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True)
        for line in self.process.stdout:
            if line.strip() == "ready":
                break
        else:
            raise RuntimeError("the lab did not start: " + open(self.path("lab.log"), encoding="utf-8").read())
        command = ["bash", "-c", f"set -a; . '{variables}'; exec env -0"]
        text = subprocess.run(command, env={"PATH": os.environ["PATH"]}, capture_output=True, check=True).stdout
        self.variables = dict(item.split("=", 1) for item in text.decode().split("\0") if item)
        ssh = self.variables["GITLAB_SYNC_SSH_DIR"]
        self.environment = {
            "PATH": os.environ["PATH"], "HOME": self.folder, "USER": os.environ.get("USER", "root"),
            "GIT_CONFIG_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0",
            "GIT_CONFIG_COUNT": "2", "GIT_CONFIG_KEY_0": "gc.auto", "GIT_CONFIG_VALUE_0": "0",
            "GIT_CONFIG_KEY_1": "maintenance.auto", "GIT_CONFIG_VALUE_1": "false",
            "GIT_SSH_COMMAND": f"ssh -F none -i {ssh}/id_ed25519 -o IdentitiesOnly=yes -o BatchMode=yes"
                               f" -o UserKnownHostsFile={ssh}/known_hosts",
        }
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()
        self.process.stdout.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def path(self, name):
        return os.path.join(self.folder, name)

    def unique(self, name):
        """A name that was not used before."""
        self.serial += 1
        return f"{name}-{self.serial}"

    def api(self, side, method, path, body=None):
        prefix = "LOCAL" if side == "source" else "REMOTE"
        token = self.variables["LAB_SOURCE_API_TOKEN" if side == "source" else "REMOTE_GITLAB_TOKEN"]
        request = urllib.request.Request(
            self.variables[f"{prefix}_GITLAB_URL"] + "/api/v4" + path, method=method,
            data=json.dumps(body).encode() if body else None,
            headers={"PRIVATE-TOKEN": token, "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request) as response:
            return json.load(response)

    def project(self, side, path):
        return self.api(side, "GET", "/projects/" + urllib.parse.quote(path, safe=""))

    def url(self, side, path):
        """The address of a project for the git program; it need not exist."""
        if self.transport == "https":
            name, token = ("LOCAL", "LAB_SOURCE_API_TOKEN") if side == "source" else ("REMOTE", "REMOTE_GITLAB_TOKEN")
            scheme, place = self.variables[f"{name}_GITLAB_URL"].split("://")
            return f"{scheme}://oauth2:{self.variables[token]}@{place}/{path}.git"
        with open(self.path(f"lab/{side}/ssh/sshd_config"), encoding="utf-8") as file:
            port = next(line.split()[1] for line in file if line.startswith("Port "))
        user = subprocess.run(["id", "-un"], capture_output=True, text=True, check=True).stdout.strip()
        return f"ssh://{user}@127.0.0.1:{port}/{path}.git"

    def repository(self, side, path):
        """The folder of a project's repository on the server's disk."""
        return self.path(f"lab/{side}/repositories/{self.project(side, path)['id']}.git")

    def create_group(self, name):
        self.api("target", "POST", "/groups", {"name": name, "path": name})

    def git(self, *arguments, **options):
        options.setdefault("env", self.environment)
        result = subprocess.run([*GIT, *arguments], capture_output=True, text=True, **options)
        if result.returncode != 0:
            raise RuntimeError(f"git {' '.join(arguments)}: {result.stderr}")
        return result.stdout

    def refs(self, side, path):
        """The branches and tags of a project, read on the server's disk."""
        names = ("refs/heads/", "refs/tags/")
        return self.git("-C", self.repository(side, path), "for-each-ref", "--format=%(objectname) %(refname)", *names)

    def check(self, source, *copies, full=False):
        """Raises unless every copy has the source's refs and a whole history behind them."""
        expected = self.refs("source", source)
        for copy in copies:
            if self.refs("target", copy) != expected:
                raise RuntimeError(f"the copy {copy} has not the refs of {source}")
            self.git("-C", self.repository("target", copy), "fsck", *([] if full else ["--connectivity-only"]))
