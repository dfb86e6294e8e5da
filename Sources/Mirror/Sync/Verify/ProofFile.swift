public import Foundation
import Logging

/// A file of proofs: one line for each verification, each chained to the one before.
public struct ProofFile: Sendable {
    private let path: String

    /// The file at `path`, which need not exist.
    public init(path: String) {
        self.path = path
    }

    /// Adds the proof of a verification.
    ///
    /// Two that append at the same time come one after the other; a record that cannot be written whole is taken back.
    ///
    /// - Parameters:
    ///   - report: What the verification found.
    ///   - isDeep: Whether the objects of the mirrors were read.
    ///   - settings: What was verified. No secret of it is written.
    ///   - time: When the verification began.
    /// - Returns: The hash of the new record.
    /// - Throws: ``SyncFailure`` `proof-file` if the file cannot be written, or does not end with a record: nothing is
    ///   chained to a broken chain.
    @discardableResult
    public func append(
        _ report: VerifyReport,
        isDeep: Bool,
        settings: SyncSettings,
        at time: Date
    ) throws -> String {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw systemFailure }
        defer { close(descriptor) }
        while flock(descriptor, LOCK_EX) != 0 {
            guard errno == EINTR else { throw systemFailure }
        }
        // A child process that is just being started may hold a copy of the descriptor.
        defer { flock(descriptor, LOCK_UN) }
        let (end, last) = try lastRecord(descriptor)
        let record = ProofRecord(
            report,
            isDeep: isDeep,
            settings: settings,
            time: time,
            number: (last?.record.number ?? 0) + 1,
            previous: last?.hash ?? ProofRecord.beginning
        )
        let line = try record.line()
        do {
            try write(Data((line + "\n").utf8), at: end, descriptor)
        } catch {
            ftruncate(descriptor, off_t(end))
            throw error
        }
        return ProofLine(Data(line.utf8))?.hash ?? ""
    }

    /// The end of the last whole line, and what stands in it.
    ///
    /// A line without its end is one that a process died over: nobody ever had its proof, and the next one takes its place.
    private func lastRecord(_ descriptor: Int32) throws -> (end: Int, last: ProofLine?) {
        let content: Data
        do {
            content = try Data(contentsOf: URL(filePath: path), options: .mappedIfSafe)
        } catch {
            throw failure("\(error)")
        }
        guard let newline = content.lastIndex(of: UInt8(ascii: "\n")) else {
            if !content.isEmpty { try replaceUnfinished(descriptor, at: 0) }
            return (0, nil)
        }
        let end = newline + 1
        if end < content.count { try replaceUnfinished(descriptor, at: end) }
        let whole = content[..<newline]
        let start = whole.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        guard let last = ProofLine(Data(whole[start...])), last.hash == last.actualHash else {
            throw failure("its last line is no record, or was edited")
        }
        return (end, last)
    }

    private func replaceUnfinished(_ descriptor: Int32, at end: Int) throws {
        Logger.current.warning(
            "the last line of the proof file is not finished; the new record takes its place",
            metadata: ["file": "\(path.escapedForDisplay)"]
        )
        guard ftruncate(descriptor, off_t(end)) == 0 else { throw systemFailure }
    }

    private func write(_ bytes: Data, at start: Int, _ descriptor: Int32) throws {
        var rest = bytes[...]
        var place = start
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, off_t(place)) }
            guard count > 0 || errno == EINTR else { throw systemFailure }
            place += max(count, 0)
            rest = rest.dropFirst(max(count, 0))
        }
        guard fsync(descriptor) == 0 else { throw systemFailure }
    }

    /// What the system refused just now.
    private var systemFailure: SyncFailure { failure(String(cString: strerror(errno))) }

    private func failure(_ reason: String) -> SyncFailure {
        SyncFailure(
            code: "proof-file",
            message:
                "the proof file '\(path.escapedForDisplay)' cannot be continued: \(reason.escapedForDisplay)",
            hint:
                "look with gitlab-sync verify --check-proofs; put the file aside, or give --proof another place"
        )
    }
}
