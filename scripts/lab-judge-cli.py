"""The part of scripts/lab-judge that runs Debian's command `python-gitlab`."""

import json
import os
import subprocess
import sys

from judging import same, verdict


def gitlab(side, *arguments):
    """What the command prints, read as JSON; its words where it fails."""
    command = [
        "/usr/bin/python-gitlab",
        "--server-url",
        os.environ[f"{side}_GITLAB_URL"],
        "--private-token",
        os.environ[f"{side}_GITLAB_TOKEN"],
        "--output",
        "json",
        *arguments,
    ]
    result = subprocess.run(command, capture_output=True, text=True, timeout=120)
    if result.returncode != 0:
        return result.stderr + result.stdout
    return json.loads(result.stdout) if result.stdout.strip() else None


def field(value, name):
    return value.get(name) if isinstance(value, dict) else value


def fields(values, name):
    return [field(value, name) for value in values] if isinstance(values, list) else values


def main():
    groups = gitlab("LOCAL", "group", "list", "--top-level-only", "true", "--get-all")
    same("top-level groups", fields(groups, "full_path"), ["acme", "globex"])
    acme = gitlab("LOCAL", "group", "get", "--id", "acme")
    same("a group", field(acme, "full_path"), "acme")
    number = str(field(acme, "id"))
    found = gitlab("LOCAL", "group-subgroup", "list", "--group-id", number, "--get-all")
    same("subgroups", fields(found, "full_path"), ["acme/backend", "acme/empty-group"])
    found = gitlab("LOCAL", "group-descendant-group", "list", "--group-id", number, "--get-all")
    same("descendants", sorted(fields(found, "full_path")), ["acme/backend", "acme/backend/services", "acme/empty-group"])
    found = gitlab(
        "LOCAL", "group-project", "list", "--group-id", number, "--include-subgroups", "true", "--with-shared", "false",
        "--per-page", "3", "--get-all",
    )  # fmt: skip
    same("projects", len(found), 8)
    website = gitlab("LOCAL", "project", "get", "--id", "acme/website")
    same("a project", field(website, "path_with_namespace"), "acme/website")
    found = gitlab("LOCAL", "project-branch", "get", "--project-id", "acme/website", "--name", "release/1.0")
    same("a branch", field(found, "name"), "release/1.0")
    absent = gitlab("LOCAL", "project", "get", "--id", "acme/nope")
    same("an absent project", "404 Project Not Found" in str(absent), True)

    top = gitlab("REMOTE", "group", "create", "--name", "Mirrors", "--path", "mirrors", "--visibility", "private")
    same("a new group", field(top, "full_path"), "mirrors")
    number = str(field(top, "id"))
    made = gitlab("REMOTE", "project", "create", "--name", "App", "--path", "app", "--namespace-id", number)
    same("a new project", field(made, "path_with_namespace"), "mirrors/app")
    project = str(field(made, "id"))
    taken = gitlab("REMOTE", "project", "create", "--name", "App", "--path", "app", "--namespace-id", number)
    same("a taken project", "has already been taken" in str(taken), True)
    gitlab("REMOTE", "project", "update", "--id", project, "--description", "about")
    same("a change", field(gitlab("REMOTE", "project", "get", "--id", project), "description"), "about")
    rule = gitlab("REMOTE", "project-protected-branch", "create", "--project-id", project, "--name", "main")
    same("a rule", field(rule, "name"), "main")
    gitlab("REMOTE", "project-protected-branch", "delete", "--project-id", project, "--name", "main")
    same("no rules", gitlab("REMOTE", "project-protected-branch", "list", "--project-id", project), [])
    gitlab("REMOTE", "project", "archive", "--id", project)
    same("archived", field(gitlab("REMOTE", "project", "get", "--id", project), "archived"), True)
    gitlab("REMOTE", "project", "unarchive", "--id", project)
    same("unarchived", field(gitlab("REMOTE", "project", "get", "--id", project), "archived"), False)
    gitlab("REMOTE", "project", "delete", "--id", project)
    marked = gitlab("REMOTE", "project", "get", "--id", project)
    same("marked for deletion", field(marked, "marked_for_deletion_on") is not None, True)
    return verdict("gitlab-cli")


sys.exit(main())
