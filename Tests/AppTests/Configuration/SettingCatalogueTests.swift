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
}
