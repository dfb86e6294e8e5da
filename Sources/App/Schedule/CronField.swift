/// One of the five time fields of a crontab line: the values at which it matches.
struct CronField: Hashable, Sendable {
    /// Which field it is: its name, its range and the names of its values.
    struct Kind: Hashable, Sendable {
        let name: String
        let range: ClosedRange<Int>
        var valueNames: [String] = []

        static let minute = Kind(name: "minute", range: 0...59)
        static let hour = Kind(name: "hour", range: 0...23)
        static let dayOfMonth = Kind(name: "day of month", range: 1...31)
        static let month = Kind(
            name: "month",
            range: 1...12,
            valueNames: [
                "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
            ]
        )
        static let dayOfWeek = Kind(
            name: "day of week",
            range: 0...7,
            valueNames: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
        )
        static let all = [minute, hour, dayOfMonth, month, dayOfWeek]
    }

    /// What is wrong with a field.
    struct Problem: Error, Hashable {
        let field: String
        let value: String
        let fix: String
    }

    private var values: UInt64 = 0

    /// Whether the field begins with `*`: cron treats days and daylight saving by this, not by the values.
    let beginsWithStar: Bool

    /// Reads a field as Debian's cron does, and refuses what cron would take for something else without a word.
    init(_ text: String, _ kind: Kind) throws(Problem) {
        beginsWithStar = text.hasPrefix("*")
        for element in text.split(separator: ",", omittingEmptySubsequences: false) {
            for value in try Self.values(of: String(element), kind) {
                // Sunday is 0 and 7.
                values |= 1 << UInt64(kind == .dayOfWeek ? value % 7 : value)
            }
        }
    }

    func contains(_ value: Int) -> Bool {
        values & (1 << UInt64(value)) != 0
    }

    private static func values(of element: String, _ kind: Kind) throws(Problem) -> StrideTo<Int> {
        let parts = element.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        let base = String(parts[0])
        var range = kind.range
        if base != "*" {
            let ends = base.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false).map(
                String.init
            )
            let first = try number(ends[0], in: element, kind)
            let last = try ends.count == 1 ? first : number(ends[1], in: element, kind)
            guard first <= last else {
                throw Problem(
                    field: kind.name,
                    value: element,
                    fix:
                        "a range goes up: write \(first)-\(kind.lastValue),\(kind.range.lowerBound)-\(last)"
                )
            }
            range = first...last
            if parts.count == 2, ends.count == 1 {
                throw Problem(
                    field: kind.name,
                    value: element,
                    fix: "a step needs a range: write \(first)-\(kind.lastValue)/\(parts[1])"
                )
            }
        } else if kind == .dayOfWeek {
            range = 0...6
        }
        guard parts.count == 2 else { return stride(from: range.lowerBound, to: range.upperBound + 1, by: 1) }
        guard isNumber(parts[1]), let step = Int(parts[1]), step > 0 else {
            throw Problem(
                field: kind.name,
                value: element,
                fix: "a step is a whole number from 1, as in \(base)/5"
            )
        }
        return stride(from: range.lowerBound, to: range.upperBound + 1, by: step)
    }

    private static func number(_ text: String, in element: String, _ kind: Kind) throws(Problem) -> Int {
        if let index = kind.valueNames.firstIndex(of: text.lowercased()) {
            return index + kind.range.lowerBound
        }
        guard isNumber(text), let number = Int(text), kind.range.contains(number) else {
            let names =
                kind.valueNames.isEmpty
                ? "" : " or a name from \(kind.valueNames.first ?? "") to \(kind.valueNames.last ?? "")"
            throw Problem(
                field: kind.name,
                value: element,
                fix: "write a number from \(kind.range.lowerBound) to \(kind.range.upperBound)\(names), or *"
            )
        }
        return number
    }

    /// Digits only: `Int` takes signs as well.
    private static func isNumber(_ text: some StringProtocol) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }
}

extension CronField.Kind {
    /// The last value that is not another name of the first.
    fileprivate var lastValue: Int { self == .dayOfWeek ? 6 : range.upperBound }
}
