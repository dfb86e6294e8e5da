/// An object on its way from the source to the target, without a file between.
///
/// The last piece is sent only when all of it was found to be right: a wrong object ends the upload before its end.
///
/// `@unchecked Sendable`: one task at a time asks for the next piece, as ``HTTPUpload`` demands.
final class LFSPipe: @unchecked Sendable {
    private let stream: HTTPStream
    private var checksum: LFSChecksum
    private var held: [UInt8]?
    private var hasEnded = false
    private let size: Int

    init(_ pointer: LFSPointer, from stream: HTTPStream) {
        self.stream = stream
        checksum = LFSChecksum(pointer)
        size = pointer.size
    }

    /// The body of the upload.
    var upload: HTTPUpload { HTTPUpload(length: size, next: next) }

    @Sendable private func next() async throws -> [UInt8]? {
        while true {
            let piece = try await read()
            guard let piece else {
                try checksum.finish()
                defer { held = nil }
                return held
            }
            try checksum.take(piece)
            defer { held = piece }
            if let held { return held }
        }
    }

    /// The next piece; nil at the end, however often it is asked for.
    private func read() async throws -> [UInt8]? {
        if hasEnded { return nil }
        do {
            let piece = try await stream.next()
            hasEnded = piece == nil
            return piece
        } catch let error as LFSError {
            throw error
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            throw LFSError(.unreachable, "the source's object broke off: \(error)")
        }
    }
}
