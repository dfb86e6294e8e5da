"""Judges what scripts/terminal-test captured: no line wraps, the live line counts, the table is aligned."""
import re
import sys
import unicodedata
from pathlib import Path

folder = Path(sys.argv[1])
bad = []


def columns(text):
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def cells_begin_at(line, column):
    """Whether something begins at this column, with room before it."""
    taken = 0
    for index, character in enumerate(line):
        if taken == column:
            return character != " " and line[index - 2 : index] == "  "
        taken += columns(character)
    return True  # a row without this cell


for width in (40, 80, 200):
    end = (folder / f"end-{width}").read_text().rstrip("\n").split("\n")
    joined = (folder / f"joined-{width}").read_text().rstrip("\n").split("\n")
    stream = (folder / f"stream-{width}").read_text(errors="replace")

    def check(what, good, detail=""):
        print(f"terminal-test: {width}: {what}: {'ok' if good else 'BAD'} {detail}")
        if not good:
            bad.append(what)

    live = [re.split(r"[\r\n]", part)[0] for part in re.split(r"\r\x1b\[K", stream)[1:]]
    counted = [line for line in live if re.match(r"\d+/\d+", line)]
    check("the live line counts", len(counted) > 3, f"{len(counted)} states, for example '{counted[len(counted) // 2] if counted else ''}'")
    check("a rate and an ETA are shown", any("B/s" in l for l in counted) and any("ETA" in l for l in counted))
    check("a name is shown", any("/" in line.split("  ", 1)[-1] for line in counted if "  " in line))
    check("the live line fits", all(columns(line) < width for line in live), f"longest {max(map(columns, live), default=0)}")
    check("the live line is gone", not any(re.match(r"\d+/\d+( |$)", line) for line in end))
    check("no escape but 'clear the line'", not re.findall(r"\x1b(?!\[K)", stream))
    heads = [index for index, line in enumerate(end) if line.startswith("STATUS")]
    check("there is one table", len(heads) == 1)
    check("no line wraps", len([l for l in end if l]) == len([l for l in joined if l]))
    if heads:
        head = end[heads[0]]
        rows = []
        for line in end[heads[0] + 1 :]:
            if not re.match(r"(synced|unchanged|empty|partial|failed|skipped) ", line):
                break
            rows.append(line)
        check("there are rows", len(rows) > 5, f"{len(rows)}")
        for name in re.findall(r"[A-Z]+", head)[1:]:
            start = head.index(name)
            wrong = [row for row in rows if not cells_begin_at(row, start)]
            check(f"{name} is aligned", not wrong, f"{wrong[:1]}" if wrong else "")
    check("the run ended well", "exit 0" in end)

sys.exit(1 if bad else 0)
