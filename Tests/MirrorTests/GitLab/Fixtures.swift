/// Entities as GitLabs of different versions send them, with keys that we do not read, nulls, and what their schemas do not say.
enum Fixtures {
    /// `GET /groups/:id/projects` of a GitLab 18: the whole entity, with features as levels beside the old truth values.
    static let projectOfToday = """
        {"id": 9007199254740993, "description": null, "description_html": "", "name": "Ledger (2nd)", "name_with_namespace": "Acme / Books / Ledger (2nd)",
        "path": "ledger", "path_with_namespace": "acme/books/ledger", "created_at": "2024-02-29T23:59:59.999Z", "default_branch": "trunk",
        "tag_list": [], "topics": ["money"], "ssh_url_to_repo": "ssh://git@git.example.net:2222/acme/books/ledger.git",
        "http_url_to_repo": "https://example.net/gitlab/acme/books/ledger.git", "web_url": "https://example.net/gitlab/acme/books/ledger",
        "readme_url": null, "forks_count": 0, "avatar_url": null, "star_count": 0, "last_activity_at": "2026-03-01T08:15:00.123+02:00",
        "namespace": {"id": 28, "name": "Books", "path": "books", "kind": "group", "full_path": "acme/books", "parent_id": 3, "avatar_url": null, "web_url": "https://example.net/groups/acme/books"},
        "container_registry_image_prefix": "registry.example.net/acme/books/ledger", "_links": {"self": "https://example.net/api/v4/projects/9007199254740993"},
        "marked_for_deletion_at": null, "marked_for_deletion_on": null, "packages_enabled": true, "empty_repo": false, "archived": true, "visibility": "internal",
        "owner": {"id": 7, "username": "ada"}, "issues_enabled": true, "wiki_enabled": true, "jobs_enabled": false, "lfs_enabled": true,
        "repository_access_level": "enabled", "issues_access_level": "enabled", "wiki_access_level": "private", "builds_access_level": "disabled",
        "emails_disabled": null, "emails_enabled": null, "creator_id": 1, "import_url": null, "import_type": null, "import_status": "finished", "import_error": null,
        "mirror": false, "repository_object_format": "sha1", "shared_with_groups": [{"group_id": 4, "group_full_path": "globex", "group_access_level": 30, "expires_at": null}],
        "permissions": {"project_access": null, "group_access": {"access_level": 50, "notification_level": 3}}, "compliance_frameworks": [], "a_key_of_2031": {"x": [1, null]}}
        """

    /// The same entity of a GitLab 12: no levels, a namespace without its full path, and no mark of a deletion.
    static let projectOfLongAgo = """
        {"id": 9, "description": "", "default_branch": null, "tag_list": [], "archived": false, "visibility": "private", "ssh_url_to_repo": "git@old.example.net:h5/site.git",
        "http_url_to_repo": "http://old.example.net/h5/site.git", "web_url": "http://old.example.net/h5/site", "name": "Site", "name_with_namespace": "H5 / Site",
        "path": "site", "path_with_namespace": "h5/site", "issues_enabled": true, "wiki_enabled": false, "created_at": "2016-04-05T21:40:50.169Z",
        "last_activity_at": "2016-04-06T16:52:08Z", "namespace": {"id": 5, "name": "H5", "path": "h5", "kind": "group"}, "avatar_url": null, "shared_with_groups": []}
        """

    /// `simple=true`: less than a mirror would like to know.
    static let simpleProject = """
        {"id": 4, "description": null, "default_branch": "master", "ssh_url_to_repo": "git@example.net:dia/client.git", "http_url_to_repo": "http://example.net/dia/client.git",
        "web_url": "http://example.net/dia/client", "readme_url": "http://example.net/dia/client/blob/master/README.md", "tag_list": ["a b"], "name": "Client",
        "name_with_namespace": "Dia / Client", "path": "client", "path_with_namespace": "dia/client", "created_at": "2013-09-30T13:46:02Z",
        "last_activity_at": "2013-09-30T13:46:02Z", "forks_count": 0, "avatar_url": null, "star_count": 0}
        """

    /// What the generated schemas promise, and what a proxy made of it: truth values as text and numbers, objects where text should be.
    static let projectOfAnotherType = """
        {"id": 5, "name": null, "path": "p", "path_with_namespace": "a/p", "namespace": "a", "archived": "true", "empty_repo": "false", "default_branch": {"name": "main"},
        "ssh_url_to_repo": "git@example.net:a/p.git", "wiki_enabled": 0, "wiki_access_level": 20, "repository_access_level": null, "import_status": 3,
        "marked_for_deletion_at": null, "marked_for_deletion_on": {"date": "2026-01-01"}, "last_activity_at": "yesterday", "web_url": false, "statistics": []}
        """

    /// `GET /groups/:id` of a GitLab 17, with a secret.
    static let groupOfToday = """
        {"id": 33, "web_url": "https://example.net/groups/acme/flight", "name": "Flight", "path": "flight", "description": "", "visibility": "public", "share_with_group_lock": false,
        "auto_devops_enabled": null, "emails_enabled": true, "lfs_enabled": true, "default_branch": null, "default_branch_protection": 2,
        "default_branch_protection_defaults": {"allowed_to_push": [{"access_level": 40}], "allow_force_push": false, "allowed_to_merge": [{"access_level": 40}], "developer_can_initial_push": false},
        "avatar_url": null, "full_name": "Acme / Flight", "full_path": "acme/flight", "created_at": "2024-07-09T10:31:08.307Z", "parent_id": 3, "organization_id": 1,
        "shared_with_groups": [{"group_id": 28, "expires_at": null}], "runners_token": "GR1348941secret", "ldap_cn": null, "wiki_access_level": "enabled", "marked_for_deletion_on": null}
        """

    /// `GET /users?username=`, as users and as administrators see one.
    static let users = """
        [{"id": 1, "username": "Ada", "name": "Ada L.", "state": "active", "avatar_url": null, "web_url": "https://example.net/Ada", "created_at": "2012-05-23T08:00:58Z", "bot": false},
        {"id": 2, "username": "root", "email": "root@example.net", "name": "Root", "state": "blocked", "is_admin": true, "identities": [{"provider": "x", "extern_uid": "1"}],
        "namespace_id": 42, "last_activity_on": "2012-05-23", "confirmed_at": null, "plan": null, "sign_in_count": 1337}]
        """
}
