// The two GitLabs, and the way to them.
extension SettingCatalogue {
    static let servers: [SettingDescription] = [
        .init(
            .local,
            .serverURL,
            "LOCAL_GITLAB_URL",
            default: "none, it must be set",
            "Source GitLab, for example https://gitlab.wuhan.example."
        ),
        .init(
            .localToken,
            .secret,
            "LOCAL_GITLAB_TOKEN",
            default: "none",
            "Token of the source, scope read_api; better in its variable or in the file that LOCAL_GITLAB_TOKEN_FILE names."
        ),
        .init(
            .localTokenFile,
            .path,
            "LOCAL_GITLAB_TOKEN_FILE",
            default: "none",
            "File that holds the token of the source."
        ),
        .init(
            .localGroup,
            .groupPaths,
            "LOCAL_GITLAB_GROUP",
            default: "every top-level group that the token sees",
            "Source groups, full paths with commas between."
        ),
        .init(
            .remote,
            .serverURL,
            "REMOTE_GITLAB_URL",
            default: "none, it must be set",
            "Target GitLab, for example https://gitlab.paris.example."
        ),
        .init(
            .remoteToken,
            .secret,
            "REMOTE_GITLAB_TOKEN",
            default: "none",
            "Token of the target, scope api; better in its variable or in the file that REMOTE_GITLAB_TOKEN_FILE names."
        ),
        .init(
            .remoteTokenFile,
            .path,
            "REMOTE_GITLAB_TOKEN_FILE",
            default: "none",
            "File that holds the token of the target."
        ),
        .init(
            .remoteGroup,
            .groupPaths,
            "REMOTE_GITLAB_GROUP",
            default: "the same paths",
            "Target groups, as many as source groups and in their order, with commas between."
        ),
        .init(
            .remoteParentGroup,
            .text,
            "REMOTE_PARENT_GROUP",
            default: "none",
            "A target group below which everything goes."
        ),
        .init(
            .pushURL,
            .text,
            "REMOTE_GITLAB_PUSH_URL",
            default: "what the target's API reports",
            "Base of the URLs to push to, for example ssh://git@host:2222 or https://host."
        ),
    ]
}
