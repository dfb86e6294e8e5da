import Foundation
import Mirror

/// The environment variables that the product reads.
///
/// An empty one counts as not set.
struct EnvironmentVariables {
    /// Every variable; the misspelt names are those of the tool that many users come from.
    static let known = ofSettings + ofCompose + ofIndexedJob

    /// Those of settings, under their right and their misspelt names.
    static let ofSettings =
        SettingCatalogue.all.compactMap(\.variable).flatMap(spellings) + ["GITLAB_SYNC_CONFIG"]

    /// What `docker-compose.yml` reads besides.
    static let ofCompose = ["GITLAB_SYNC_UID", "GITLAB_SYNC_GID", "GITLAB_SYNC_KEYS", "GITLAB_SYNC_LOGS"]

    /// What a Kubernetes Job with `completionMode: Indexed` tells each of its pods, and what its manifest adds.
    static let ofIndexedJob = ["JOB_COMPLETION_INDEX", "GITLAB_SYNC_SHARDS"]

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

    /// A variable under its right or its misspelt name.
    func setting(_ name: String) -> Setting? {
        for spelling in Self.spellings(name) {
            if let value = values[spelling] { return Setting(origin: spelling, value: value) }
        }
        return nil
    }

    /// The name, and the misspelt one that the Python gitlab-sync had for the variables of the two servers.
    private static func spellings(_ name: String) -> [String] {
        guard name.contains("_GITLAB_") else { return [name] }
        return [name, name.replacing("_GITLAB_", with: "_GTILAB_")]
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
