import Foundation
import Hummingbird

/// One request to LFS on the wire: objects move piece by piece, however large they are.
struct LFSExchange {
    private static let pieceSize = 256 << 10

    let core: LabCore
    let endpoints: LFSEndpoints
    let connection: ConnectionContext
    /// Where the object ends too early.
    let cut: Int?
    /// Whether a download has a wrong byte.
    let isDamaged: Bool

    func answer(_ request: Request, repository: String, rest: String) async throws -> Response {
        switch try endpoints.destination(repository: repository, rest: rest) {
        case .reply(let reply): return Response(reply)
        case .batch(let project):
            let body = Data(try await request.body.collect(upTo: 16 << 20).readableBytesView)
            return Response(
                endpoints.batch(of: project, body: String(decoding: body, as: UTF8.self))
            )
        case .download(let file, let range): return try download(file, range)
        case .upload(let project, let oid, let size):
            return Response(try await upload(request, to: project, oid, size))
        }
    }

    private func download(_ file: URL, _ range: Range<Int>) throws -> Response {
        let handle = try FileHandle(forReadingFrom: file)
        let size = try Int(handle.seekToEnd())
        try handle.seek(toOffset: UInt64(min(range.lowerBound, size)))
        let isPartial = range.lowerBound > 0
        guard !isPartial || range.lowerBound < size else {
            return Response(APIReply(416, text: "Requested range not satisfiable"))
        }
        var fields = HTTPFields()
        fields[.contentType] = "application/octet-stream"
        if isPartial { fields[.contentRange] = "bytes \(range.lowerBound)-\(size - 1)/\(size)" }
        let (cut, isDamaged, connection) = (cut, isDamaged, connection)
        let body = ResponseBody(contentLength: size - range.lowerBound) { writer in
            var sent = 0
            while let piece = try handle.read(upToCount: Self.pieceSize), !piece.isEmpty {
                var piece = cut.map { piece.prefix($0 - sent) } ?? piece
                if isDamaged, sent == 0, !piece.isEmpty { piece[piece.startIndex] ^= 1 }
                if !piece.isEmpty { try await writer.write(ByteBuffer(bytes: piece)) }
                sent += piece.count
                if sent == cut {
                    await connection.closeConnection()
                    throw LabError("the connection is closed on purpose")
                }
            }
            try await writer.finish(nil)
        }
        return Response(status: isPartial ? .partialContent : .ok, headers: fields, body: body)
    }

    private func upload(_ request: Request, to project: LabProject, _ oid: String, _ size: Int) async throws
        -> APIReply
    {
        let file = try core.lfs.newFile(of: project.id)
        let handle = try FileHandle(forWritingTo: file)
        defer { try? FileManager.default.removeItem(at: file) }
        var received = 0
        for try await piece in request.body {
            try handle.write(contentsOf: Data(piece.readableBytesView))
            received += piece.readableBytes
            if let cut, received >= cut {
                await connection.closeConnection()
                throw LabError("the connection is closed on purpose")
            }
        }
        try handle.close()
        guard received == size, try await core.lfs.adopt(file, as: oid, of: project.id) != nil else {
            return endpoints.refusal(422, "Wrong object")
        }
        return APIReply(200, text: "")
    }
}
