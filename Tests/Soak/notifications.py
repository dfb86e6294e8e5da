"""What runs tell others while very many projects fail at once: a receiver of its own checks each message's signature.

All repositories of the source go away and come back. Of that, whoever is told hears once each: no message for each project, none by a
run that finds the same again.
"""

import argparse
import hashlib
import hmac
import http.server
import json
import os
import queue
import subprocess
import sys
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "Benchmarks"))
from lab import Lab  # noqa: E402

GROUP = "many"
SECRET = b"a-secret-between-two"


class Receiver(http.server.BaseHTTPRequestHandler):
    """Keeps what is posted, in its order."""

    protocol_version = "HTTP/1.1"
    posted = queue.SimpleQueue()

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"] or 0))
        self.posted.put((self.path, dict(self.headers), body))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


def expect(name, found, expected):
    if found != expected:
        raise RuntimeError(f"{name}: {found} instead of {expected}")


def run(lab, receiver, name, expected):
    """One run with its exit code; returns what was posted to the webhook, and the paths of the pings."""
    environment = lab.environment | lab.variables | {
        "LOCAL_GITLAB_GROUP": GROUP, "GITLAB_SYNC_NOTIFY_WEBHOOK": f"{receiver}/hook", "GITLAB_SYNC_PING_URL": f"{receiver}/ping",
        "GITLAB_SYNC_NOTIFY_SECRET": SECRET.decode(),
    }
    with open(lab.path("run.log"), "wb") as log:
        process = subprocess.run([f"{lab.programs}/gitlab-sync", "-q"], stdout=log, stderr=log, env=environment)
    if process.returncode != expected:
        with open(lab.path("run.log"), encoding="utf-8") as log:
            raise RuntimeError(f"{name} ends with {process.returncode} instead of {expected}: {log.read()[-2000:]}")
    messages, pings = [], []
    while not Receiver.posted.empty():
        path, headers, body = Receiver.posted.get()
        if path != "/hook":
            pings.append(path)
            continue
        signature = "sha256=" + hmac.new(SECRET, body, hashlib.sha256).hexdigest()
        expect(f"{name}: signature", headers.get("X-Gitlab-Sync-Signature-256"), signature)
        message = json.loads(body)
        expect(f"{name}: event in the header", headers.get("X-Gitlab-Sync-Event"), message["event"])
        messages.append(message)
    expect(f"{name}: pings", pings, ["/ping/start", "/ping" if expected == 0 else "/ping/fail"])
    told = [(m["event"], m["failures"]["count"], len(m["failures"]["first"]), m["recovered"]["count"]) for m in messages]
    print(f"{name}: {len(messages)} messages {told}, pings {pings}", flush=True)
    return told


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--programs", required=True, help="the folder of gitlab-sync and gitlab-lab")
    parser.add_argument("--projects", type=int, default=500)
    count = (options := parser.parse_args()).projects
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    receiver = f"http://127.0.0.1:{server.server_port}"
    with Lab(options.programs, count, ["--groups", "20"]) as lab:
        expect("the first run", run(lab, receiver, "first run", 0), [])
        repositories, away = lab.path("lab/source/repositories"), lab.path("away")
        os.rename(repositories, away)
        os.mkdir(repositories)
        expect("a failure", run(lab, receiver, "all repositories gone", 1), [("failure", count, min(count, 20), 0)])
        expect("the same again", run(lab, receiver, "the same again", 1), [])
        os.rmdir(repositories)
        os.rename(away, repositories)
        expect("a recovery", run(lab, receiver, "all are back", 0), [("recovery", 0, 0, count)])
        expect("all is well", run(lab, receiver, "all is well", 0), [])
    print(f"notify-test: {count} projects failed, and one message said so")


if __name__ == "__main__":
    main()
