import Foundation
import Logging
import Mirror
import Testing

@testable import App

struct LogLineTests {
    private let line = LogLine(
        .error,
        "protected-branch",
        "refused:\n\"main\"",
        ["source": "a/b c", "count": 3, "seconds": .seconds(0.5), "empty": ""],
        at: Date(timeIntervalSince1970: 1_795_435_200.25)
    )

    @Test func jsonHasAlwaysTheSameFiveKeys() throws {
        #expect(
            line.text(.json)
                == #"{"code":"protected-branch","fields":{"count":3,"empty":"","seconds":0.5,"source":"a/b c"},"level":"error","message":"refused:\n\"main\"","ts":"2026-11-23T12:00:00.250Z"}"#
        )
        let plain = LogLine(.notice, "schedule-end", "END schedule", at: Date(timeIntervalSince1970: 0))
        #expect(
            plain.text(.json)
                == #"{"code":"schedule-end","fields":{},"level":"notice","message":"END schedule","ts":"1970-01-01T00:00:00.000Z"}"#
        )
    }

    @Test func textIsOneLineWhateverStandsInIt() {
        #expect(
            line.text(.text)
                == #"2026-11-23T12:00:00.250Z error protected-branch: refused:\n"main" count=3 empty="" seconds=0.5 source="a/b c""#
        )
    }

    @Test func aStaticMessageIsACode() {
        #expect(
            LogLine.code(of: "the builtin SSH ignores parts of ssh_config")
                == "the-builtin-ssh-ignores-parts-of-ssh-config"
        )
    }
}
