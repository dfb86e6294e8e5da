import Foundation
import Mirror

// Who is told of runs.
extension SettingsResolver {
    /// The receivers.
    ///
    /// - Throws: ``ConfigurationError``.
    func notifications() throws -> NotifySettings {
        let flags = options.notify
        var notify = NotifySettings()
        notify.webhook = try setting(flags.notifyWebhook, "--notify-webhook", "GITLAB_SYNC_NOTIFY_WEBHOOK")
            .map(Values.receiver)
        notify.ping = try setting(flags.pingUrl, "--ping-url", "GITLAB_SYNC_PING_URL").map(Values.receiver)
        notify.mail =
            try setting(flags.notifyMail, "--notify-mail", "GITLAB_SYNC_NOTIFY_MAIL")
            .map(Values.mailAddresses) ?? []
        notify.secret = try secret("GITLAB_SYNC_NOTIFY_SECRET")
        if !notify.isEmpty { notify.network = try network() }
        return notify
    }

    /// What tells the run from others over the same state, such as other lines of a crontab; known also where settings are wrong.
    var scope: String {
        var parts = options.group
        if let groups = setting(options.localGroup, "--local-group", "LOCAL_GITLAB_GROUP") {
            parts.insert(groups.value, at: 0)
        }
        if let shard = setting(options.scale.shard, "--shard", "GITLAB_SYNC_SHARD") {
            parts.append(shard.value)
        }
        if let index = environment["JOB_COMPLETION_INDEX"] { parts.append(index) }
        return parts.joined(separator: " ")
    }

    /// A secret that has no flag, from its variable or the file that another one names; nil if neither is set.
    private func secret(_ variable: String) throws -> Secret? {
        guard environment[variable] != nil || environment[variable + "_FILE"] != nil else { return nil }
        return try token(nil, "", variable)
    }
}

extension Values {
    /// The URL of a receiver; it may hold a key of its own, so no message repeats it.
    static func receiver(_ setting: Setting) throws -> NotifyURL {
        guard let url = NotifyURL(setting.value) else {
            throw ConfigurationError(
                "\(setting.origin) is no URL of a receiver",
                hint:
                    "write an http or https URL without user and password, for example https://hc-ping.com/UUID"
            )
        }
        return url
    }

    /// Addresses of mail, as `sendmail` takes them in its arguments.
    static func mailAddresses(_ setting: Setting) throws -> [String] {
        let addresses = list(setting.value)
        for address in addresses where address.wholeMatch(of: /[A-Za-z0-9._+=@][A-Za-z0-9._+=@-]*/) == nil {
            throw ConfigurationError(
                "\(setting.origin) names '\(address.escapedForDisplay)'",
                hint: "write addresses such as admin@example.com, with commas between"
            )
        }
        return addresses
    }
}
