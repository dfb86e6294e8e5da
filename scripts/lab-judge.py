"""The part of scripts/lab-judge that speaks python-gitlab, in any version from 3.12 on."""

import os
import sys

import gitlab
from gitlab.exceptions import (
    GitlabAuthenticationError,
    GitlabCreateError,
    GitlabDeleteError,
    GitlabError,
    GitlabGetError,
    GitlabHttpError,
)
from judging import check, eventually, refused, same, verdict


def connect(side):
    return gitlab.Gitlab(os.environ[f"{side}_GITLAB_URL"], private_token=os.environ[f"{side}_GITLAB_TOKEN"])


def own_token(server):
    """The older version knows the path, and no method for it."""
    if hasattr(server.personal_access_tokens, "get"):
        return server.personal_access_tokens.get("self").attributes
    return server.http_get("/personal_access_tokens/self")


def server(source, target):
    version, revision = source.version()
    check("version", version[0].isdigit() and revision != "unknown", version)
    token = own_token(source)
    same("the source token's scopes", token["scopes"], ["read_api"])
    same("the source token is active", token["active"], True)
    same("the target token's scopes", own_token(target)["scopes"], ["api"])
    source.auth()
    user = source.user
    check("the user has a name", bool(user.username))
    same("the user may create groups", user.can_create_group, True)
    same("the user by name", [found.id for found in source.users.list(username=user.username)], [user.id])
    same("no user by another name", source.users.list(username="nobody"), [])
    stranger = gitlab.Gitlab(source.url, private_token="glpat-unknown0123456789")
    refused("an unknown token", GitlabAuthenticationError, 401, stranger.auth, "401 Unauthorized")
    refused(
        "writing with read_api",
        GitlabCreateError,
        403,
        lambda: source.groups.create({"name": "x1", "path": "x1"}),
        "insufficient_scope",
    )


def groups(source):
    tops = source.groups.list(top_level_only=True, order_by="id", sort="asc", get_all=True)
    same("top-level groups", [group.full_path for group in tops], ["acme", "globex"])
    acme = source.groups.get("acme", with_projects=False)
    same("a group by path and by id", source.groups.get(acme.id).full_path, "acme")
    check("projects only when asked for", "projects" not in acme.attributes)
    same("subgroups", sorted(g.full_path for g in acme.subgroups.list(get_all=True)), ["acme/backend", "acme/empty-group"])
    same(
        "descendants",
        sorted(g.full_path for g in acme.descendant_groups.list(get_all=True)),
        ["acme/backend", "acme/backend/services", "acme/empty-group"],
    )
    nested = source.groups.get("acme/backend/services")
    same("a nested group's parent", source.groups.get(nested.parent_id).full_path, "acme/backend")
    same("groups by a search", [g.full_path for g in source.groups.list(search="services")], ["acme/backend/services"])
    refused("an absent group", GitlabGetError, 404, lambda: source.groups.get("no-such"), "404 Group Not Found")
    members = acme.members_all.list(get_all=True)
    source.auth()
    same("the user is a member", [member.id for member in members], [source.user.id])
    same("and the owner", acme.members_all.get(source.user.id).access_level, gitlab.const.AccessLevel.OWNER)


def projects(source):
    acme = source.groups.get("acme")
    own = {p.path_with_namespace for p in acme.projects.list(with_shared=False, get_all=True)}
    check("projects of the group itself", "acme/website" in own and "acme/backend/api" not in own, own)
    shared = {p.path_with_namespace for p in acme.projects.list(get_all=True)} - own
    same("shared projects come along", shared, {"globex/shared-tools"})
    whole = acme.projects.list(
        include_subgroups=True, with_shared=False, order_by="id", sort="asc", per_page=2, get_all=True
    )
    ids = [p.id for p in whole]
    check("pages of two, in order", ids == sorted(set(ids)) and len(ids) == 8, ids)
    page = acme.projects.list(include_subgroups=True, with_shared=False, per_page=2, iterator=True)
    same("how many pages", (page.total, page.total_pages, page.per_page), (8, 4, 2))
    archived = acme.projects.list(archived=True, get_all=True)
    check("archived ones only", "acme/legacy" in {p.path_with_namespace for p in archived} and all(p.archived for p in archived))
    keyset = source.projects.list(pagination="keyset", order_by="id", sort="asc", per_page=3, get_all=True)
    pages = source.projects.list(order_by="id", sort="asc", per_page=3, get_all=True)
    same("keyset and pages agree", [p.id for p in keyset], [p.id for p in pages])
    sizes = source.projects.list(statistics=True, membership=True, get_all=True)
    check("sizes", any(p.statistics["repository_size"] > 0 for p in sizes))
    website = source.projects.get("acme/website")
    same("a project by id", source.projects.get(website.id).path_with_namespace, "acme/website")
    same("its default branch", website.default_branch, "main")
    same("its visibility", website.visibility, "internal")
    check("its SSH address", website.ssh_url_to_repo.endswith("/acme/website.git"), website.ssh_url_to_repo)
    same("an empty one", source.projects.get("acme/brand-new").empty_repo, True)
    branches = {branch.name: branch for branch in website.branches.list(get_all=True)}
    check("branches", {"main", "fix#1", "team/a/deep/nesting"} <= set(branches), list(branches))
    same("the default one", [name for name, branch in branches.items() if branch.default], ["main"])
    same("a branch with a slash", website.branches.get("release/1.0").name, "release/1.0")
    check("tags", {"v1.0", "maintainer-key"} <= {tag.name for tag in website.tags.list(get_all=True)})
    same("wiki pages", sorted(page.slug for page in source.projects.get("acme/handbook").wikis.list()), ["home", "on-call"])
    refused("an absent branch", GitlabGetError, 404, lambda: website.branches.get("nope"), "404 Branch Not Found")
    refused("an absent project", GitlabGetError, 404, lambda: source.projects.get("acme/nope"), "404 Project Not Found")


def group_changes(target):
    top = target.groups.create({"name": "Mirrors", "path": "mirrors", "visibility": "private"})
    sub = target.groups.create(
        {
            "name": "Deep",
            "path": "deep",
            "parent_id": top.id,
            "default_branch_protection_defaults": {"allow_force_push": True},
        }
    )
    same("a new subgroup", target.groups.get(sub.id).full_path, "mirrors/deep")
    same("its protection", target.groups.get(sub.id).default_branch_protection_defaults["allow_force_push"], True)
    refused(
        "a taken path",
        GitlabCreateError,
        400,
        lambda: target.groups.create({"name": "Other", "path": "mirrors"}),
        "has already been taken",
    )
    refused(
        "more visible than its parent",
        GitlabCreateError,
        400,
        lambda: target.groups.create({"name": "p1", "path": "p1", "parent_id": top.id, "visibility": "public"}),
        "visibility_level",
    )
    sub.name, sub.path, sub.description = "Deeper", "deeper", "moved"
    sub.save()
    found = target.groups.get(sub.id)
    same("renamed", (found.name, found.full_path, found.description), ("Deeper", "mirrors/deeper", "moved"))
    refused("moved groups are gone from their old path", GitlabGetError, 404, lambda: target.groups.get("mirrors/deep"))
    target.http_post(f"/groups/{sub.id}/transfer")
    same("moved to the top", target.groups.get(sub.id).full_path, "deeper")
    target.http_post(f"/groups/{sub.id}/transfer", post_data={"group_id": top.id})
    same("and back", target.groups.get(sub.id).full_path, "mirrors/deeper")
    doomed = target.groups.create({"name": "Doomed", "path": "doomed"})
    doomed.delete()
    eventually("marked for deletion", lambda: bool(target.groups.get(doomed.id).marked_for_deletion_on))
    return top, sub


def project_changes(target, top, sub):
    created = target.projects.create(
        {
            "name": "App",
            "path": "app",
            "namespace_id": sub.id,
            "visibility": "private",
            "wiki_access_level": "enabled",
            "builds_access_level": "disabled",
        }
    )
    project = target.projects.get(created.id)
    same("a new project", project.path_with_namespace, "mirrors/deeper/app")
    same("without CI", project.builds_access_level, "disabled")
    same("empty", (project.empty_repo, project.default_branch), (True, None))
    refused(
        "a taken project",
        GitlabCreateError,
        400,
        lambda: target.projects.create({"name": "App", "path": "app", "namespace_id": sub.id}),
        "has already been taken",
    )
    refused(
        "a path that GitLab does not allow",
        GitlabCreateError,
        400,
        lambda: target.projects.create({"name": "odd", "path": "a--b", "namespace_id": sub.id}),
        "special character",
    )
    refused(
        "a project more visible than its group",
        GitlabCreateError,
        400,
        lambda: target.projects.create({"name": "v", "path": "v", "namespace_id": sub.id, "visibility": "public"}),
        "not allowed in a private group",
    )
    project.name, project.path, project.description = "Application", "application", "about"
    project.topics = ["mirror"]
    project.save()
    project = target.projects.get(created.id)
    same("renamed", (project.name, project.path, project.description), ("Application", "application", "about"))
    same("topics", project.topics, ["mirror"])
    same("the old path leads on", target.projects.get("mirrors/deeper/app").id, created.id)
    target.http_put(f"/projects/{created.id}/transfer", post_data={"namespace": top.id})
    same("moved", target.projects.get(created.id).path_with_namespace, "mirrors/application")
    project.archive()
    same("archived", target.projects.get(created.id).archived, True)
    project.unarchive()
    same("unarchived", target.projects.get(created.id).archived, False)
    return target.projects.get(created.id)


def repository_changes(target, top):
    project = target.projects.create(
        {"name": "ready", "path": "ready", "namespace_id": top.id, "initialize_with_readme": True}
    )
    project = target.projects.get(project.id)
    same("with a first commit", (project.default_branch, project.empty_repo), ("main", False))
    rule = project.protectedbranches.create({"name": "release/*", "push_access_level": 40, "merge_access_level": 40})
    same("a new rule", (rule.name, rule.allow_force_push), ("release/*", False))
    same("its push level", [level["access_level"] for level in rule.push_access_levels], [40])
    refused(
        "a rule that exists",
        GitlabCreateError,
        409,
        lambda: project.protectedbranches.create({"name": "release/*"}),
        "already exists",
    )
    path = f"/projects/{project.id}/protected_branches/release%2F%2A"
    target.http_request("patch", path, post_data={"allow_force_push": True})
    same("a changed rule", project.protectedbranches.get("release/*").allow_force_push, True)
    check("rules are listed", "release/*" in {rule.name for rule in project.protectedbranches.list(get_all=True)})
    project.protectedbranches.delete("release/*")
    refused("a rule that is gone", GitlabGetError, 404, lambda: project.protectedbranches.get("release/*"))
    refused("deleting it again", GitlabDeleteError, 404, lambda: project.protectedbranches.delete("release/*"))
    project.protectedtags.create({"name": "v*", "create_access_level": 40})
    rules = project.protectedtags.list(get_all=True)
    same("rules for tags", [(rule.name, rule.create_access_levels[0]["access_level"]) for rule in rules], [("v*", 40)])
    same("a rule for tags", project.protectedtags.get("v*").name, "v*")
    project.protectedtags.delete("v*")
    same("is gone", project.protectedtags.list(get_all=True), [])
    page = project.wikis.create({"title": "home", "content": "Hello"})
    same("a wiki page", (page.slug, page.format), ("home", "markdown"))
    same("its content", project.wikis.get("home").content.strip(), "Hello")
    project.wikis.delete("home")
    same("is gone", project.wikis.list(), [])
    # python-gitlab 3 knows only the older form of a creation, with one file.
    made = project.manager.gitlab.http_post(
        f"/projects/{project.id}/snippets",
        post_data={
            "title": "A script",
            "files": [{"file_path": "run.sh", "content": "echo 1"}],
            "visibility": "private",
        },
    )
    snippet = project.snippets.get(made["id"])
    same("a snippet", (snippet.title, snippet.visibility), ("A script", "private"))
    same("snippets", [entry.id for entry in project.snippets.list(get_all=True)], [snippet.id])
    same("its files", [entry["path"] for entry in project.snippets.get(snippet.id).files], ["run.sh"])
    snippet.title = "Another"
    snippet.save()
    same("its new title", project.snippets.get(snippet.id).title, "Another")
    project.snippets.delete(snippet.id)
    same("is gone", project.snippets.list(get_all=True), [])
    refused(
        "a default branch that is not there",
        GitlabHttpError,
        400,
        lambda: target.http_put(f"/projects/{project.id}", post_data={"default_branch": "nope"}),
    )
    project.wiki_access_level = "disabled"
    project.save()
    refused("a wiki that is off", GitlabError, 403, lambda: target.projects.get(project.id).wikis.list())


def deletion(target, project):
    path = project.path_with_namespace
    project.delete()
    marked = target.projects.get(project.id)
    check("marked", bool(marked.marked_for_deletion_on) and marked.archived)
    same("under another path", marked.path, f"{project.path}-deletion_scheduled-{project.id}")
    refused("its path is free", GitlabGetError, 404, lambda: target.projects.get(path))
    target.http_post(f"/projects/{project.id}/restore")
    same("restored", target.projects.get(project.id).path_with_namespace, path)


def main():
    source, target = connect("LOCAL"), connect("REMOTE")
    server(source, target)
    groups(source)
    projects(source)
    top, sub = group_changes(target)
    project = project_changes(target, top, sub)
    repository_changes(target, top)
    deletion(target, project)
    return verdict(f"python-gitlab {gitlab.__version__}")


sys.exit(main())
