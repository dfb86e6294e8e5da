"""Writes the man pages of gitlab-sync, a page for each subcommand, from what `gitlab-sync --experimental-dump-help` prints.

    manual.py VERSION DATE FOLDER < dump.json      DATE as in 2026-11-29
    manual.py --names < dump.json                  the pages' names, one a line
    manual.py --flags < dump.json                  each page's name and flag, one a line
"""

import json
import re
import sys
from pathlib import Path

VARIABLE = re.compile(r"\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b")
FILES = [
    ("/etc/gitlab-sync/gitlab-sync.env", "The variables of gitlab-sync.service, where the Debian package is installed."),
    ("/etc/gitlab-sync/source-token, /etc/gitlab-sync/target-token", "Its tokens."),
    ("/etc/gitlab-sync/ssh", "Its SSH keys and known_hosts."),
    ("/var/lib/gitlab-sync", "Mirrors, database and lock of the service, and of root."),
]


def pages(command):
    """The command and all below it, but not `help`, which only says what the pages say."""
    yield command
    for sub in command.get("subcommands", []):
        if sub["commandName"] != "help" and sub["shouldDisplay"]:
            yield from pages(sub)


def words(command):
    return command.get("superCommands", []) + [command["commandName"]]


def title(command):
    return "-".join(words(command))


def arguments(command):
    return [argument for argument in command.get("arguments", []) if argument["shouldDisplay"]]


def spelt(name):
    return ("--" if name["kind"] == "long" else "-") + name["name"]


def escaped(text):
    """Text for roff: no line begins with a control character, a dash can be searched for and copied, and a long list may be broken at its commas."""
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("`", "")
    text = re.sub(r"\S{50,}", lambda word: word[0].replace(",", ",\\:"), text)
    return re.sub(r"^(?=[.'])", r"\\&", text, flags=re.MULTILINE)


def bold(text):
    return f"\\fB{escaped(text)}\\fR"


def invocation(argument):
    names = ", ".join(bold(spelt(name)) for name in argument.get("names", []))
    value = f"\\fI{escaped(argument['valueName'])}\\fR"
    if argument["kind"] == "positional":
        return value
    return names if argument["kind"] == "flag" else f"{names} {value}"


def synopsis(command):
    parts = [bold(" ".join(words(command)))]
    if any(argument["kind"] != "positional" for argument in arguments(command)):
        parts.append("[\\fIoptions\\fR]")
    if command.get("subcommands"):
        parts.append("[\\fIcommand\\fR]" if command.get("defaultSubcommand") else "\\fIcommand\\fR")
    for argument in arguments(command):
        if argument["kind"] == "positional":
            text = invocation(argument) + (" ..." if argument["isRepeating"] else "")
            parts.append(f"[{text}]" if argument["isOptional"] else text)
    return " ".join(parts)


def discussion(text):
    """Paragraphs as they are; a line in capitals is a heading; what is indented keeps its lines."""
    kept = False
    apart = True
    for line in text.split("\n"):
        is_kept = line.startswith("  ")
        is_heading = re.fullmatch(r"[A-Z][A-Z ,]+", line) is not None
        if is_kept != kept:
            yield ".EX" if is_kept else ".EE"
            kept = is_kept
        if not line.strip():
            apart = True
        elif is_heading:
            yield f".SS {escaped(line.capitalize())}"
            apart = False
        else:
            if apart and not is_kept:
                yield ".PP"
            yield escaped(line)
            apart = False
    if kept:
        yield ".EE"


def environment(command):
    """The variables that the options' texts name, each with its option."""
    found = {}
    for argument in arguments(command):
        for variable in VARIABLE.findall(argument.get("abstract", "") + " " + argument.get("discussion", "")):
            found.setdefault(variable, [])
            flag = invocation(argument)
            if flag not in found[variable]:
                found[variable].append(flag)
    return found


def page(command, version, date, root):
    name = title(command)
    yield f'.TH "{escaped(name.upper())}" 1 "{date}" "gitlab\\-sync {escaped(version)}" "gitlab\\-sync"'
    # Long names of variables leave lines that cannot be filled, and are not to be hyphenated.
    yield ".nh"
    yield ".ad l"
    yield ".SH NAME"
    yield f"{escaped(name)} \\- {escaped(command['abstract'].rstrip('.'))}"
    yield ".SH SYNOPSIS"
    yield synopsis(command)
    yield ".SH DESCRIPTION"
    yield escaped(command["abstract"])
    yield from discussion(command.get("discussion", ""))
    listed = [sub for sub in pages(command) if sub in command.get("subcommands", [])]
    if listed:
        yield ".SH COMMANDS"
        for sub in listed:
            yield ".TP"
            yield f"\\fB{escaped(sub['commandName'])}\\fR, see \\fB{escaped(title(sub))}\\fR(1)"
            yield escaped(sub.get("abstract", ""))
    if arguments(command):
        yield ".SH OPTIONS"
        for argument in arguments(command):
            yield ".TP"
            yield invocation(argument)
            yield escaped(argument.get("abstract", "") or "See the description.")
            if text := argument.get("discussion"):
                yield ".IP"
                yield escaped(text)
    if variables := environment(command):
        yield ".SH ENVIRONMENT"
        yield "A flag wins over its variable; an empty variable counts as not set."
        for variable in sorted(variables):
            yield ".TP"
            yield bold(variable)
            yield "See " + "; ".join(variables[variable]) + "."
    if command is root:
        yield ".SH FILES"
        for file, meaning in FILES:
            yield ".TP"
            yield f"\\fI{escaped(file)}\\fR"
            yield escaped(meaning)
    others = [other for other in pages(root) if other is not command]
    yield ".SH SEE ALSO"
    yield ",\n".join(f"\\fB{escaped(title(other))}\\fR(1)" for other in others)


def main():
    root = json.load(sys.stdin)["command"]
    if sys.argv[1] == "--names":
        print("\n".join(title(command) for command in pages(root)))
    elif sys.argv[1] == "--flags":
        for command in pages(root):
            for argument in arguments(command):
                for name in argument.get("names", []):
                    print(title(command), spelt(name))
    else:
        version, date, folder = sys.argv[1:]
        for command in pages(root):
            text = "\n".join(page(command, version, date, root)) + "\n"
            (Path(folder) / f"{title(command)}.1").write_text(text)


main()
