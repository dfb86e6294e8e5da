"""Histories made by `git fast-import`: the same bytes on every machine."""

import random
import subprocess

START = 1_700_000_000


def _data(content):
    return b"data %d\n" % len(content) + content + b"\n"


def _import(repository, pieces):
    command = ["git", "-C", repository, "fast-import", "--quiet", "--force", "--done"]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
        for piece in pieces:
            process.stdin.write(piece)
        process.stdin.write(b"done\n")
        process.stdin.close()
        if process.wait() != 0:
            raise RuntimeError("git fast-import failed")


def _commit(ref, time, message, parent=None):
    head = b"commit %s\ncommitter Bench <bench@example.com> %d +0000\n" % (ref.encode(), time)
    return head + _data(message.encode()) + (b"from %s\n" % parent.encode() if parent else b"")


def large(repository, commits=3_000, files=300, branches=100):
    """A history of some 90 MB packed, with branches and annotated tags: text that changes a little."""
    numbers = random.Random(1)
    words = ["".join(numbers.choices("abcdefghijklmnopqrstuvwxyz", k=numbers.randint(2, 12))) for _ in range(20_000)]

    def line():
        return " ".join(numbers.choices(words, k=10)) + "\n"

    def pieces():
        texts = [[line() for _ in range(numbers.randint(20, 400))] for _ in range(files)]
        for number in range(commits):
            yield _commit("refs/heads/main", START + number * 60, f"Change {number}")
            for position in numbers.sample(range(files), 3) if number else range(files):
                text = texts[position]
                for _ in range(8):
                    text[numbers.randrange(len(text))] = line()
                path = f"src/part{position % 25}/file{position}.txt"
                yield f"M 100644 inline {path}\n".encode() + _data("".join(text).encode())
            if number % (commits // branches) == 0:
                yield f"reset refs/heads/topic/{number}\nfrom refs/heads/main\n\n".encode()
                yield f"tag v{number}\nfrom refs/heads/main\ntagger Bench <b@example.com> {START} +0000\n".encode()
                yield _data(b"A version")

    _import(repository, pieces())


def more(repository, branch, count, serial):
    """Adds `count` commits of four files each to a branch."""
    ref = f"refs/heads/{branch}"

    def pieces():
        for number in range(count):
            time = START * 2 + serial * 1000 + number
            yield _commit(ref, time, f"Round {serial}, change {number}", f"{ref}^0" if number == 0 else None)
            for position in range(4):
                text = "".join(f"line {serial} {number} {row}\n" for row in range(30))
                yield f"M 100644 inline bench/{number % 7}-{position}.txt\n".encode() + _data(text.encode())

    _import(repository, pieces())


def many_refs(repository, count):
    """A branch, and `count` tags and branches of as many commits."""

    def pieces():
        for number in range(count):
            yield _commit("refs/heads/main", START + number, f"Change {number}")
            yield b"M 100644 inline number\n" + _data(b"%d" % number)
            kind = "tags" if number % 2 else "heads"
            yield f"reset refs/{kind}/deep/{number % 100}/name-{number}\nfrom refs/heads/main\n\n".encode()

    _import(repository, pieces())
    subprocess.run(["git", "-C", repository, "pack-refs", "--all"], check=True)
