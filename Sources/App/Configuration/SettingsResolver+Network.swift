import Foundation
import Mirror

// How servers are reached.
extension SettingsResolver {
    /// Trust and proxies.
    func network() throws -> HTTPNetwork {
        var network = HTTPNetwork()
        if let file = setting(.caFile) {
            do throws(TrustRoots.Unusable) {
                network.trustRoots = try TrustRoots(pemFile: file.value)
            } catch {
                throw ConfigurationError(
                    "the file '\(file.value.escapedForDisplay)' of \(file.origin) \(error.reason)",
                    hint:
                        "name a PEM file with the certificate of the authority that signed the servers' certificates"
                )
            }
        }
        do throws(ProxyRules.Invalid) {
            network.proxies = try ProxyRules(environment: environment.values)
        } catch {
            throw ConfigurationError(
                "\(error.variable) \(error.reason)",
                hint:
                    "write http://proxy.example:3128, with user:password@ before the name if the proxy wants it"
            )
        }
        return network
    }

    /// Where to push to, if not to what the API at `target` reports.
    func pushBase(_ target: URL) throws -> PushBase? {
        guard let base = setting(.pushURL) else {
            return nil
        }
        let shown = "\(base.origin) is '\(Values.withoutSecrets(base.value).escapedForDisplay)'"
        guard let pushBase = PushBase(base.value) else {
            throw ConfigurationError(shown, hint: "write a base such as ssh://git@host:2222 or https://host")
        }
        guard !pushBase.isUnencrypted || target.scheme == "http" else {
            throw ConfigurationError(
                "\(shown), where the token would travel in the clear",
                hint: "write it with https://"
            )
        }
        return pushBase
    }
}
