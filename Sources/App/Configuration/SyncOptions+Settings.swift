import Logging

extension SyncOptions {
    /// What the flags say of a setting; nil if its flag is not there or may be given again.
    func flagValue(_ key: SettingKey) -> String? {
        switch key {
        case .local: local
        case .localToken: localToken
        case .localGroup: localGroup
        case .remote: remote
        case .remoteToken: remoteToken
        case .remoteGroup: remoteGroup
        case .remoteParentGroup: remoteParentGroup
        case .pushURL: pushUrl
        case .ignoreBranches: ignoreBranches
        case .allowBranches: allowBranches
        case .forcePush: forcePush.map(String.init)
        case .rewrite: rewrite
        case .prune: prune
        case .maxDelete: maxDelete
        case .maxRewrite: maxRewrite
        case .keepArchives: keepArchives
        case .followRenames: followRenames
        case .archived: archived
        case .changedOnly: changedOnly.map(String.init)
        case .wikis: wikis
        case .snippets: snippets
        case .lfs: lfs
        case .metadata: metadata
        case .visibility: visibility
        case .stateDir: stateDir
        case .reportDir: reportDir
        case .notifyWebhook: notify.notifyWebhook
        case .notifyMail: notify.notifyMail
        case .pingURL: notify.pingUrl
        case .shard: scale.shard
        case .maxConnections: scale.maxConnections
        case .maxMemory: scale.maxMemory
        case .minFree: scale.minFree
        case .jobs: jobs
        case .timeout: timeout
        case .transport: transport
        case .caFile: caFile
        case .ssh: ssh
        case .sshDir: sshDir
        case .strictHostKeys: strictHostKeys.map(String.init)
        case .output: output
        case .logFormat: log.format
        case .logLevel: log.level?.rawValue
        case .logFile: log.file
        case .refs, .group, .include, .exclude: nil
        case .localTokenFile, .remoteTokenFile, .notifySecret, .notifySecretFile: nil
        case .crontab, .jitter, .runAtStart, .maxAge: nil
        }
    }

    /// What a flag that may be given again says.
    func flagValues(_ key: SettingKey) -> [String] {
        switch key {
        case .refs: refs
        case .group: group
        case .include: include
        case .exclude: exclude
        default: flagValue(key).map { [$0] } ?? []
        }
    }
}
