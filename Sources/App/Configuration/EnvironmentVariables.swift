import Foundation
import Mirror

/// The environment variables that the product reads.
///
/// An empty one counts as not set.
struct EnvironmentVariables {
    /// Every variable; the misspelt names are those of the tool that many users come from.
    static let known = ofARun + ofASchedule

    /// What `schedule`, `health` and `docker-compose.yml` read besides.
    static let ofASchedule = [
        "GITLAB_SYNC_CRONTAB", "GITLAB_SYNC_JITTER", "GITLAB_SYNC_RUN_AT_START", "GITLAB_SYNC_MAX_AGE",
        "GITLAB_SYNC_UID", "GITLAB_SYNC_GID", "GITLAB_SYNC_KEYS", "GITLAB_SYNC_LOGS",
    ]

    /// What every run reads.
    static let ofARun = [
        "LOCAL_GITLAB_URL", "LOCAL_GTILAB_URL", "LOCAL_GITLAB_TOKEN", "LOCAL_GTILAB_TOKEN",
        "LOCAL_GITLAB_TOKEN_FILE",
        "LOCAL_GTILAB_TOKEN_FILE", "LOCAL_GITLAB_GROUP", "LOCAL_GTILAB_GROUP", "REMOTE_GITLAB_URL",
        "REMOTE_GTILAB_URL", "REMOTE_GITLAB_TOKEN", "REMOTE_GTILAB_TOKEN", "REMOTE_GITLAB_TOKEN_FILE",
        "REMOTE_GTILAB_TOKEN_FILE", "REMOTE_GITLAB_GROUP", "REMOTE_GTILAB_GROUP", "REMOTE_PARENT_GROUP",
        "REMOTE_GITLAB_PUSH_URL", "REMOTE_GTILAB_PUSH_URL", "IGNORE_BRANCHES", "ALLOW_BRANCHES", "FORCE_PUSH",
        "GITLAB_SYNC_STATE_DIR", "GITLAB_SYNC_JOBS", "GITLAB_SYNC_TIMEOUT", "GITLAB_SYNC_SSH",
        "GITLAB_SYNC_TRANSPORT", "GITLAB_SYNC_CA_FILE", "GITLAB_SYNC_REFS",
        "GITLAB_SYNC_SSH_DIR", "GITLAB_SYNC_FOLLOW_RENAMES", "GITLAB_SYNC_KEEP_ARCHIVES",
        "GITLAB_SYNC_LFS", "GITLAB_SYNC_ARCHIVED", "GITLAB_SYNC_CHANGED_ONLY", "GITLAB_SYNC_MAX_DELETE",
        "GITLAB_SYNC_MAX_REWRITE", "GITLAB_SYNC_REPORT_DIR",
        "GITLAB_SYNC_METADATA", "GITLAB_SYNC_VISIBILITY",
        "GITLAB_SYNC_OUTPUT", "GITLAB_SYNC_LOG_FILE", "GITLAB_SYNC_LOG_FORMAT",
        "GITLAB_SYNC_LOG_LEVEL",
        "GITLAB_SYNC_SHARD", "GITLAB_SYNC_SHARDS", "JOB_COMPLETION_INDEX", "GITLAB_SYNC_MAX_CONNECTIONS",
        "GITLAB_SYNC_MAX_MEMORY", "GITLAB_SYNC_MIN_FREE", "GITLAB_SYNC_NOTIFY_WEBHOOK",
        "GITLAB_SYNC_NOTIFY_SECRET", "GITLAB_SYNC_NOTIFY_SECRET_FILE", "GITLAB_SYNC_NOTIFY_MAIL",
        "GITLAB_SYNC_PING_URL",
    ]

    /// What is set, without what is empty.
    let values: [String: String]

    init(_ values: [String: String]) {
        self.values = values.compactMapValues { value in
            let value = value.trimmingCharacters(in: .whitespacesAndNewlines)
            return value.isEmpty ? nil : value
        }
    }

    subscript(name: String) -> String? {
        values[name]
    }

    /// A variable of one of the two GitLabs, under its right or its misspelt name.
    func gitLab(_ name: String) -> Setting? {
        for spelling in [name, name.replacing("GITLAB", with: "GTILAB")] {
            if let value = values[spelling] { return Setting(origin: spelling, value: value) }
        }
        return nil
    }

    /// A setting's value: its flag, else its variable, under the right or the misspelt name.
    func setting(_ flag: String?, _ flagName: String, _ variable: String) -> Setting? {
        if let flag, !flag.isEmpty { return Setting(origin: flagName, value: flag) }
        return gitLab(variable)
    }

    /// Refuses a variable that looks like a misspelt one of ours.
    func refuseMisspelt() throws {
        guard let misspelt = misspelt() else { return }
        throw ConfigurationError(
            "the environment variable \(misspelt.name) is unknown",
            hint: "did you mean \(misspelt.nearest)?"
        )
    }

    /// The first variable that looks like a misspelt one of ours, with the name that was probably meant.
    ///
    /// Names further away are left alone: Kubernetes, for one, sets variables such as `REMOTE_GITLAB_PORT` by itself.
    func misspelt() -> (name: String, nearest: String)? {
        for name in values.keys.sorted() where !Self.known.contains(name) {
            let nearest = Self.known.map { (name: $0, distance: editDistance($0, name)) }.min {
                $0.distance < $1.distance
            }
            if let nearest, nearest.distance <= 2, name.count > 6 { return (name, nearest.name) }
        }
        return nil
    }
}

/// A value and where it came from, for error messages.
struct Setting: Hashable {
    let origin: String
    let value: String
}

/// The number of characters to insert, delete or replace between two names.
func editDistance(_ first: String, _ second: String) -> Int {
    let second = Array(second)
    var row = Array(0...second.count)
    for (index, character) in first.enumerated() {
        var diagonal = row[0]
        row[0] = index + 1
        for column in second.indices {
            let cost = diagonal + (character == second[column] ? 0 : 1)
            diagonal = row[column + 1]
            row[column + 1] = min(cost, row[column] + 1, diagonal + 1)
        }
    }
    return row[second.count]
}
