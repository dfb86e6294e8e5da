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
        notify.mail = try setting(flags.notifyMail, "--notify-mail", "GITLAB_SYNC_NOTIFY_MAIL")
            .map(Values.mailAddresses) ?? []
        notify.secret = try secret("GITLAB_SYNC_NOTIFY_SECRET")
        if !notify.isEmpty { notify.network = try network() }
        return notify
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
                hint: "write an http or https URL without user and password, for example https://hc-ping.com/UUID"
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
