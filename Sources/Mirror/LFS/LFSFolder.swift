import Foundation

/// The LFS objects in a mirror, where git-lfs would keep them: `lfs/objects/ab/cd/<oid>`.
///
/// What has its name there was found to be right.
struct LFSFolder: Sendable {
    /// The mirror's `lfs` folder.
    let url: URL

    /// Where an object lies, whether it is there or not.
    func path(of pointer: LFSPointer) -> String {
        let oid = pointer.oid
        return url.appending(
            components: "objects",
            String(oid.prefix(2)),
            String(oid.dropFirst(2).prefix(2)),
            oid
        )
        .path(percentEncoded: false)
    }

    /// Where an object lies until it has come to its end.
    private func unfinishedPath(of pointer: LFSPointer) -> String {
        url.appending(components: "incomplete", "\(pointer.oid)-\(pointer.size)").path(percentEncoded: false)
    }

    /// Whether an object is there.
    func has(_ pointer: LFSPointer) -> Bool {
        var status = stat()
        return stat(path(of: pointer), &status) == 0 && Int(status.st_size) == pointer.size
    }

    /// Takes an object in, going on where an earlier attempt was broken off.
    ///
    /// - Parameters:
    ///   - pointer: The object.
    ///   - open: Begins the transfer, at a byte if the sender can do that.
    /// - Returns: How many bytes came.
    /// - Throws: ``LFSError`` if it did not come to its end, or is another object; what `open` throws; `CancellationError`.
    func receive(_ pointer: LFSPointer, _ open: (_ offset: Int) async throws -> HTTPStream) async throws
        -> Int
    {
        let unfinished = unfinishedPath(of: pointer)
        let file = try LFSFile(writing: unfinished)
        var checksum = try self.checksum(of: file, pointer)
        var received = 0
        if checksum.count < pointer.size || pointer.size == 0 {
            let answer = try await open(checksum.count)
            // A server that does not know ranges sends everything.
            if checksum.count > 0, answer.status != 206 || answer.firstByte != checksum.count {
                guard answer.status != 206 else {
                    throw LFSError(
                        .protocolViolation,
                        "another part of \(pointer.oid) came than was asked for"
                    )
                }
                checksum = try start(over: file, pointer)
            }
            do {
                while let piece = try await answer.next() {
                    try checksum.take(piece)
                    try file.append(piece)
                    received += piece.count
                }
            } catch let error as LFSError {
                if error.code == .damaged { unlink(unfinished) }
                throw error
            } catch {
                try Task.checkCancellation()
                throw LFSError(.unreachable, "\(pointer.oid) broke off: \(error)")
            }
        }
        do {
            try checksum.finish()
        } catch let error as LFSError where error.code == .damaged {
            unlink(unfinished)
            throw error
        }
        try file.commit(as: path(of: pointer))
        return received
    }

    /// Takes an object in that lies in another folder.
    ///
    /// - Throws: ``LFSError`` if it cannot be read or written, or is another object.
    func take(_ pointer: LFSPointer, from other: LFSFolder) throws {
        let source = try LFSFile(reading: other.path(of: pointer))
        let unfinished = unfinishedPath(of: pointer)
        let file = try LFSFile(writing: unfinished)
        try file.truncate()
        var checksum = LFSChecksum(pointer)
        do {
            while let piece = try source.next() {
                try checksum.take(piece)
                try file.append(piece)
            }
            try checksum.finish()
        } catch {
            unlink(unfinished)
            throw error
        }
        try file.commit(as: path(of: pointer))
    }

    /// What an earlier attempt left; nothing, if that was too much.
    private func checksum(of file: LFSFile, _ pointer: LFSPointer) throws -> LFSChecksum {
        var checksum = LFSChecksum(pointer)
        do {
            while let piece = try file.next() { try checksum.take(piece) }
            return checksum
        } catch let error as LFSError where error.code == .damaged {
            return try start(over: file, pointer)
        }
    }

    private func start(over file: LFSFile, _ pointer: LFSPointer) throws -> LFSChecksum {
        try file.truncate()
        return LFSChecksum(pointer)
    }

    /// An object as the body of a request.
    ///
    /// - Throws: ``LFSError`` if it cannot be read.
    func upload(_ pointer: LFSPointer) throws -> HTTPUpload {
        let file = try LFSFile(reading: path(of: pointer))
        return HTTPUpload(length: pointer.size) { try file.next() }
    }
}

extension HTTPStream {
    /// Where the bytes of a partial answer begin.
    fileprivate var firstByte: Int? {
        let range = headers.first(named: "Content-Range")
        return range?.split(separator: " ").last?.split(separator: "-").first.flatMap { Int($0) }
    }
}
