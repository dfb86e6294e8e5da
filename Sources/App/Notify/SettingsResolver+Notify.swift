import Foundation
import Mirror

// Who is told of runs.
extension SettingsResolver {
    /// The receivers.
    ///
    /// - Throws: ``ConfigurationError``.
    func notifications() throws -> NotifySettings {
        var notify = NotifySettings()
        notify.webhook = try setting(.notifyWebhook).map(Values.receiver)
        notify.ping = try setting(.pingURL).map(Values.receiver)
        notify.mail = try setting(.notifyMail).map(Values.mailAddresses) ?? []
        if strongest(.notifySecret, .notifySecretFile) != nil {
            notify.secret = try token(.notifySecret, file: .notifySecretFile)
        }
        if !notify.isEmpty { notify.network = try network() }
        return notify
    }

    /// What tells the run from others over the same state, such as other lines of a crontab; known also where settings are wrong.
    var scope: String {
        var parts = sources.settings(.group, flags: flags[all: .group]).map(\.value)
        if let groups = setting(.localGroup) { parts.insert(groups.value, at: 0) }
        if let shard = setting(.shard) { parts.append(shard.value) }
        if let index = environment["JOB_COMPLETION_INDEX"] { parts.append(index) }
        return parts.joined(separator: " ")
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
