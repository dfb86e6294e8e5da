public import Foundation

/// The folder of refs in which one run keeps the tips that it rewrites or deletes: `refs/archive/<UTC time>/`.
public struct ArchiveFolder: Hashable, Sendable {
    /// How many names are tried for one tip before that is an error.
    private static let maximumPlaces = 100

    let time: Date
    private let path: String

    private static let style = Date.VerbatimFormatStyle(
        format: """
            \(year: .padded(4))\(month: .twoDigits)\(day: .twoDigits)T\
            \(hour: .twoDigits(clock: .twentyFourHour, hourCycle: .zeroBased))\(minute: .twoDigits)\
            \(second: .twoDigits)Z
            """,
        timeZone: .gmt,
        calendar: Calendar(identifier: .gregorian)
    )

    /// The folder of a run that began at `time`.
    public init(time: Date) {
        self.time = time
        path = "refs/archive/\(time.formatted(Self.style))/"
    }

    /// The folder that an archived ref lies in, and the ref whose tip it keeps; nil if it has no such name.
    static func taking(apart name: RefName) -> (folder: ArchiveFolder, ref: RefName)? {
        let parts = name.rawValue.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0] == "refs", parts[1] == "archive",
            let time = try? Date(String(parts[2]), strategy: style.parseStrategy)
        else { return nil }
        return (ArchiveFolder(time: time), RefName(rawValue: "refs/" + parts[3]))
    }

    /// Where the old tip of `ref` is kept, for example `refs/archive/20261122T213000Z/heads/main`.
    public func name(for ref: RefName) -> RefName {
        RefName(rawValue: path + String(Substring(ref.rawValue.utf8.dropFirst("refs/".utf8.count))))
    }

    /// The places for an old tip of `ref`, the next one for when the one before is taken.
    func names(for ref: RefName) -> some Sequence<RefName> {
        sequence(first: self) { $0.next }.lazy.prefix(Self.maximumPlaces).map { $0.name(for: ref) }
    }

    /// The folder that is one second younger: where a tip goes whose place is taken.
    var next: ArchiveFolder {
        ArchiveFolder(time: time.addingTimeInterval(1))
    }
}
