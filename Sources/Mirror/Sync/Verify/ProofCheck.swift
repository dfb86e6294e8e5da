import Foundation

/// What came of reading a proof file.
public struct ProofCheck: Hashable, Sendable {
    /// Something that is wrong with one line.
    public struct Finding: Hashable, Sendable {
        /// The number of the line, from 1.
        public let line: Int

        /// What is wrong with it.
        public let message: String
    }

    /// How many lines the file has.
    public private(set) var records = 0

    /// The hash of the last record; nil if there is none.
    public private(set) var lastHash: String?

    /// When the last record was made; nil if there is none.
    public private(set) var lastTime: String?

    /// What is wrong, in the order of the lines.
    public private(set) var findings: [Finding] = []

    /// Whether the chain is whole.
    public var isWhole: Bool { findings.isEmpty }

    /// Reads the file at `path`.
    ///
    /// Records that were cut off at the end leave no trace in the file: compare ``lastHash`` with one that was noted elsewhere.
    ///
    /// - Throws: `CocoaError` if the file cannot be read.
    public init(path: String) throws {
        self.init(try Data(contentsOf: URL(filePath: path), options: .mappedIfSafe))
    }

    init(_ content: Data) {
        var lines = content.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let isComplete = lines.last?.isEmpty == true
        if isComplete { lines.removeLast() }
        records = lines.count
        var lineOfHash: [String: Int] = [:]
        let parsed = lines.enumerated().map { index, bytes -> ProofLine? in
            let line = ProofLine(Data(bytes))
            if let line { lineOfHash[line.hash] = lineOfHash[line.hash] ?? index + 1 }
            return line
        }
        for (index, line) in parsed.enumerated() {
            let number = index + 1
            guard let line else {
                let isLast = number == parsed.count && !isComplete
                note(number, isLast ? "is cut off" : "is no record, or a part of one")
                continue
            }
            if line.hash != line.actualHash {
                note(number, "was edited: its hash is not that of its content")
            }
            if let problem = Self.link(
                line,
                at: number,
                before: index > 0 ? parsed[index - 1] : nil,
                lineOfHash
            ) {
                note(number, problem)
            }
        }
        if let last = parsed.last, let last {
            lastHash = last.hash
            lastTime = last.record.time
        }
    }

    private mutating func note(_ line: Int, _ message: String) {
        findings.append(Finding(line: line, message: message))
    }

    /// What is wrong between a record and the one before it.
    private static func link(
        _ line: ProofLine,
        at number: Int,
        before: ProofLine?,
        _ lineOfHash: [String: Int]
    ) -> String? {
        let expected = number == 1 ? ProofRecord.beginning : before?.hash
        let own = line.record.number
        // After a line that is none, only the numbers tell.
        guard let expected else {
            return own == number ? nil : "is record \(own), where record \(number) belongs"
        }
        let last = before?.record.number ?? 0
        if line.record.previous == expected {
            return own == last + 1 ? nil : "is numbered \(own), where record \(last + 1) belongs"
        }
        if let other = lineOfHash[line.record.previous] {
            return "follows line \(other), not the line before it: lines were reordered, copied or put in"
        }
        if own > last + 1 {
            return own == last + 2
                ? "record \(last + 1) before it was removed"
                : "the records \(last + 1) to \(own - 1) before it were removed"
        }
        return "does not follow the line before it: that one was replaced, or lines were removed"
    }
}
