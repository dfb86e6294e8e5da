public import Foundation

/// The folder of refs in which one run keeps the tips that it rewrites or deletes: `refs/archive/<UTC time>/`.
public struct ArchiveFolder: Hashable, Sendable {
    private let time: Date

    /// The folder of a run that began at `time`.
    public init(time: Date) {
        self.time = time
    }

    /// Where the old tip of `ref` is kept, for example `refs/archive/20261122T213000Z/heads/main`.
    public func name(for ref: RefName) -> RefName {
        let style = Date.VerbatimFormatStyle(
            format: """
                \(year: .padded(4))\(month: .twoDigits)\(day: .twoDigits)T\
                \(hour: .twoDigits(clock: .twentyFourHour, hourCycle: .zeroBased))\(minute: .twoDigits)\
                \(second: .twoDigits)Z
                """,
            timeZone: .gmt,
            calendar: Calendar(identifier: .gregorian)
        )
        return RefName(
            rawValue: "refs/archive/\(time.formatted(style))/\(ref.rawValue.dropFirst("refs/".count))"
        )
    }

    /// The folder that is one second younger: where a tip goes whose place is taken.
    var next: ArchiveFolder {
        ArchiveFolder(time: time.addingTimeInterval(1))
    }
}
