"""Looks at terminals in which gitlab-sync runs; scripts/terminal-test starts it.

    terminal-test.py FOLDER_OF_PROGRAMS FOLDER_OF_THE_LAB FOLDER_FOR_SCREENS

Nothing waits for time to pass: a run is held in its middle by the lab, which lets no git session of one project begin, and the screen is
looked at until it shows what it should, or a minute has gone.
"""

import re
import subprocess
import sys
import time
import unicodedata
from pathlib import Path

bin, folder, shots = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
shots.mkdir(parents=True, exist_ok=True)
HELD = "term/a-group-with-a-rather-long-name/of-many-projects/held-in-the-middle"
WIDE = "数据平台"
PATIENCE = 60
STATUSES = "synced|unchanged|empty|partial|failed|skipped"
LIVE = re.compile(r"(\d+)/(\d+)(?P<rate>  \S+ (?:bytes?|\w*B)/s)?(?P<eta>  ETA [\dhmins ]*[hmins])?(?:  (?P<name>\S+))?")
checks = 0


def check(claim, what, screen=()):
    global checks
    checks += 1
    if not claim:
        sys.exit(f"terminal-test: {what}" + "".join(f"\n    |{line}" for line in screen))


def columns(text):
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def hold(*flags):
    subprocess.run([f"{bin}/gitlab-lab", "hold", "--env-file", folder / "env", *flags, HELD], check=True)


class Terminal:
    """A terminal with one run of gitlab-sync: first a line `begun`, then what the run shows, then a line with its exit code."""

    def __init__(self, name, width, command="gitlab-sync", group=None, **variables):
        self.name, self.width = name, width
        self.raw = folder / f"{name}.raw"
        settings = {
            "PATH": f"{bin}:$PATH",
            "GITLAB_SYNC_STATE_DIR": folder / f"state-{group or name}",
            "REMOTE_PARENT_GROUP": f"to-{group or name}",
            "GITLAB_SYNC_JOBS": 2,
            "GITLAB_SYNC_TIMEOUT": 600,
            **variables,
        }
        script = folder / f"{name}.sh"
        script.write_text(
            f'. "{folder}/env"\n'
            + "".join(f'export {key}="{value}"\n' for key, value in settings.items())
            # Ctrl-C is for the run; the shell goes on. The run begins at the bottom, as most do.
            + f"trap : INT\nbefore=$(stty -g)\nread -r _\nseq 70\necho begun\n{command}\nstatus=$?\n"
            + '[ "$(stty -g)" = "$before" ] && modes=kept || modes=changed\n'
            + 'echo "exit $status, modes $modes"\nwhile :; do read -r _; done\n'
        )
        self.tmux("new-session", "-d", "-s", name, "-x", str(width), "-y", "60", "bash", str(script))
        self.tmux("pipe-pane", "-t", name, f"cat >'{self.raw}'")
        self.tmux("send-keys", "-t", name, "Enter")

    def tmux(self, *arguments):
        command = ["tmux", "-S", folder / "tmux", "-f", "/dev/null", *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def screen(self, *flags):
        """The rows of the run, those included that have left the screen, without the blank ones at the end."""
        rows = self.tmux("capture-pane", "-p", "-S", "-", "-t", self.name, *flags).rstrip("\n ").split("\n")
        return rows[rows.index("begun") + 1 :] if "begun" in rows else []

    def until(self, what, holds):
        """Looks until the screen is as it should be, and returns it."""
        end = time.monotonic() + PATIENCE
        while not holds(screen := self.screen()):
            if time.monotonic() > end:
                check(False, f"{self.name}: {what} does not come", screen)
            time.sleep(0.02)
        (shots / f"{self.name}.txt").write_text("\n".join(screen) + "\n")
        return screen

    def in_the_middle(self):
        """The live line when all projects are done but the one that is held."""

        def is_there(screen):
            live = screen and LIVE.fullmatch(screen[-1])
            return live and int(live[1]) == int(live[2]) - 1 and live["name"] == self.name_in(live)

        screen = self.until("the live line of a run that is held", is_there)
        live = LIVE.fullmatch(screen[-1])
        check(len(screen) == 1, f"{self.name}: the live line is not one row", screen)
        check(columns(screen[0]) < self.width, f"{self.name}: the live line fills its row", screen)
        check(live["rate"] and live["eta"], f"{self.name}: neither rate nor time left", screen)
        return live

    def name_in(self, live):
        """The name of the project at hand as there is room for it behind the figures; two columns are for a `^C`, and one stays free."""
        room = self.width - 3 - (live.start("name") if live["name"] else len(live[0]) + 2)
        return HELD if len(HELD) <= room else "…" + HELD[1 - room :] if room >= 10 else None

    def at_the_end(self, status):
        screen = self.until("the end", lambda screen: screen and screen[-1].startswith("exit "))
        check(screen[-1] == f"exit {status}, modes kept", f"{self.name}: not exit code {status} and the terminal's modes", screen)
        check(self.tmux("display-message", "-p", "-t", self.name, "#{cursor_flag}") == "1\n", f"{self.name}: the cursor is hidden")
        left = [row for row in screen if LIVE.match(row)]
        check(not left, f"{self.name}: the live line has left something behind", screen)
        return screen[:-1]

    def judge_table(self, screen, rows_expected):
        heads = [index for index, row in enumerate(screen) if row.startswith("STATUS")]
        check(heads == [0], f"{self.name}: not one table, at the beginning", screen)
        head = screen[0]
        rows = [row for row in screen if re.match(rf"({STATUSES})  ", row)]
        check(len(rows) == rows_expected, f"{self.name}: {len(rows)} rows instead of {rows_expected}", screen)
        names = re.findall(r"[A-Z]+", head)
        check(names in (["STATUS", "SOURCE", "TARGET", "CHANGES"], ["STATUS", "SOURCE", "CHANGES"]), f"{self.name}: {names}")
        for name in names[1:]:
            # Where one cell ends and the next begins, counted as the terminal does.
            start = columns(head[: head.index(name)])
            check(all(cell_begins(row, start) for row in rows), f"{self.name}: {name} is not aligned", screen)
        wide = [row for row in rows if WIDE in row or "宽度" in row]
        check(len(wide) == 1, f"{self.name}: no row of the wide name", screen)
        # Whole at the widest, cut at the others.
        whole = f"term/{WIDE}" in wide[0] and "宽度" in wide[0]
        check(whole == (self.width == 200) and ("…" in wide[0]) != whole, f"{self.name}: the wide name is cut wrongly", wide)
        # Joined are the rows that the terminal had to break: only single words are so long, which are to be copied whole.
        joined = [row.strip() for row in self.screen("-J")]
        check(all(columns(row) <= self.width or " " not in row for row in joined), f"{self.name}: a row is too wide", joined)

    def escapes(self):
        return set(re.findall(r"\x1b(?:\[[0-9;?]*[A-Za-z]|.)", self.raw.read_text(errors="replace")))

    def close(self):
        self.tmux("kill-session", "-t", self.name)


def cell_begins(row, column):
    """Whether a cell begins at this column, with room before it, or the row ends before."""
    taken = 0
    for index, character in enumerate(row):
        if taken >= column:
            return taken == column and row[index - 2 : index] == "  "
        taken += columns(character)
    return True


def is_plain(text):
    return all(c == "\n" or ord(c) >= 32 and ord(c) != 127 for c in text)


keeper = subprocess.Popen(["tmux", "-S", folder / "tmux", "-f", "/dev/null", "new-session", "-d", "-s", "keeper", "cat"])
check(keeper.wait() == 0, "tmux does not start")

for width in (40, 80, 200):
    hold()
    terminal = Terminal(f"at-{width}", width)
    live = terminal.in_the_middle()
    print(live[0])
    if width == 80:
        terminal.until("another time left", lambda screen: LIVE.fullmatch(screen[-1])["eta"] not in (None, live["eta"]))
    hold("--release")
    terminal.judge_table(terminal.at_the_end(1), rows_expected=5)
    check(terminal.escapes() <= {"\x1b[K"}, f"more escapes than needed: {terminal.escapes()}")
    terminal.close()

# Another width in the middle of a run; where it is less, the terminal breaks the line. Once for each terminal: the program learns
# of a second time a quarter of a second late.
for before, after in ((100, 50), (120, 40), (50, 120)):
    hold()
    terminal = Terminal(f"from-{before}-to-{after}", before)
    terminal.in_the_middle()
    terminal.tmux("resize-window", "-t", terminal.name, "-x", str(after))
    terminal.width = after
    terminal.in_the_middle()
    hold("--release")
    terminal.judge_table(terminal.at_the_end(1), rows_expected=5)
    terminal.close()

# With lines of the log above it.
hold()
terminal = Terminal("with-a-log", 80, "gitlab-sync -v")
screen = terminal.until("a log and the live line", lambda screen: len(screen) > 1 and LIVE.fullmatch(screen[-1]) and "4/5" in screen[-1])
check(not any(LIVE.match(row) for row in screen[:-1]), "the live line stands among the log", screen)
hold("--release")
terminal.at_the_end(1)
terminal.close()

# Ctrl-C, at a width where the `^C` that the terminal shows comes behind a line as long as it may be.
for width, transport in ((40, "ssh"), (80, "https")):
    hold()
    terminal = Terminal(f"interrupted-{width}", width, GITLAB_SYNC_TRANSPORT=transport)
    terminal.in_the_middle()
    terminal.tmux("send-keys", "-t", terminal.name, "C-c")
    screen = terminal.at_the_end(130)
    check(not any("^C" in row or "held-in" in row for row in screen), f"{terminal.name}: something is left behind", screen)
    hold("--release")
    terminal.close()

# The copies of the widest terminal are equal: with -v there are rows all the same.
for name, variables, allowed in [("colourless", {"NO_COLOR": 1}, {"\x1b[K"}), ("dumb", {"TERM": "dumb"}, set())]:
    terminal = Terminal(name, 200, "gitlab-sync -v 2>&1", "at-200", **variables)
    screen = terminal.at_the_end(1)
    check(terminal.escapes() <= allowed, f"{name}: {terminal.escapes()}", screen)
    terminal.close()
terminal = Terminal("piped", 80, f"gitlab-sync -v >'{folder}/output' 2>'{folder}/error'", "at-200")
terminal.at_the_end(1)
check(terminal.escapes() == set(), "an escape reaches the terminal though both outputs are files")
for name in ("output", "error"):
    text = (folder / name).read_text()
    check(is_plain(text), f"the file with the standard {name} holds control characters")
check("unchanged" in (folder / "output").read_text(), "the file with the standard output says nothing of projects")
terminal.close()
print(f"{checks} passed, 0 failed")
