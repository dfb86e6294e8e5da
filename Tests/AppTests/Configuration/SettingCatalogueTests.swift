import ArgumentParser
import Foundation
import Testing

@testable import App

/// The one list of settings that flags, variables, files and the schema share.
struct SettingCatalogueTests {
    @Test func everyKeyIsDescribedOnce() {
        let keys = SettingCatalogue.all.map(\.key)

        #expect(Set(keys) == Set(SettingKey.allCases))
        #expect(keys.count == SettingKey.allCases.count)
        let variables = SettingCatalogue.all.compactMap(\.variable)
        #expect(Set(variables).count == variables.count)
    }

    /// Flags that are of one run or of the command line itself have no key.
    @Test func everyFlagOfARunHasAKeyOfItsName() {
        let ofTheCommandLine: Set = ["config", "approve", "verbose", "quiet", "help", "version"]
        let flags = SyncOptions.helpMessage().matches(of: /--(?:no-)?([a-z][a-z-]+)/).map { String($0.1) }

        for flag in Set(flags).subtracting(ofTheCommandLine) {
            #expect(SettingKey(rawValue: flag) != nil, "\(flag)")
        }
        #expect(flags.count > 30)
    }

    /// What the catalogue says of a setting's variable, its flag's help says too.
    @Test func helpNamesVariables() {
        // Each entry begins with its flag, and its text may begin below.
        let entries = SyncOptions.helpMessage(columns: 10_000).replacing("\n  -", with: "\u{0}-").split(
            separator: "\u{0}"
        )
        let texts = SettingCatalogue.all.compactMap { setting in
            entries.first {
                $0.contains(" --\(setting.key.rawValue) ") || $0.hasPrefix("--\(setting.key.rawValue) ")
                    || $0.hasPrefix("--\(setting.key.rawValue)/")
            }
            .map { (setting, $0) }
        }

        #expect(texts.count > 30)
        for (setting, text) in texts {
            guard let variable = setting.variable else { continue }
            #expect(text.contains(variable), "\(setting.key)")
        }
    }
}
