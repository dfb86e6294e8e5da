import Synchronization

@testable import Mirror

/// A git server that says what it is told to say, in pieces of a given size.
final class ScriptedChannel: GitChannel {
    private let state: Mutex<(rest: [UInt8], written: [UInt8], isClosed: Bool)>
    private let pieceSize: Int
    let standardError: String

    init(_ bytes: [UInt8], piecesOf pieceSize: Int = .max, standardError: String = "") {
        state = Mutex((bytes, [], false))
        self.pieceSize = pieceSize
        self.standardError = standardError
    }

    /// What the client said.
    var written: String { state.withLock { String(decoding: $0.written, as: UTF8.self) } }

    /// Whether the client gave the channel back.
    var isClosed: Bool { state.withLock { $0.isClosed } }

    private func take(_ limit: Int) -> [UInt8] {
        state.withLock { state in
            let piece = Array(state.rest.prefix(min(limit, pieceSize)))
            state.rest.removeFirst(piece.count)
            return piece
        }
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(SSHError) -> Int {
        let piece = take(buffer.count)
        buffer.copyBytes(from: piece)
        return piece.count
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws(SSHError) {
        let bytes = Array(bytes)
        state.withLock { $0.written += bytes }
    }

    func readAvailable(upTo limit: Int) async throws -> [UInt8]? {
        let piece = take(limit)
        return piece.isEmpty ? nil : piece
    }

    func closeWrite() {}
    func waitForExit() throws(SSHError) -> CommandExit? { CommandExit(status: 0, signal: nil) }
    func close() { state.withLock { $0.isClosed = true } }
    func cancel() { close() }
}

/// Opens one channel, for a remote that is no server.
struct ScriptedProvider: GitChannelProvider {
    let channel: ScriptedChannel

    func open(_ command: String, at url: SSHURL) async throws -> any GitChannel { channel }
    func shutdown() async {}

    /// A remote that says `bytes`.
    static func remote(_ channel: ScriptedChannel) throws -> GitRemote {
        GitRemote(url: try SSHURL("ssh://git@host/a/b.git"), connections: ScriptedProvider(channel: channel))
    }
}

/// Pkt-lines as a server sends them.
enum Packets {
    static func line(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        let bytes = Array(bytes)
        let length = String(bytes.count + 4, radix: 16)
        return Array((String(repeating: "0", count: 4 - length.count) + length).utf8) + bytes
    }

    static func line(_ text: String) -> [UInt8] { line(text.utf8) }

    /// Lines and a flush packet after them.
    static func section(_ lines: String...) -> [UInt8] { lines.flatMap { line($0) } + PacketWriter.flush }

    /// A packet of a side band.
    static func band(_ number: UInt8, _ bytes: some Sequence<UInt8>) -> [UInt8] {
        line([number] + Array(bytes))
    }
}

extension ObjectID {
    /// The id of one repeated hexadecimal digit.
    static func repeating(_ digit: Character) throws -> ObjectID {
        guard let id = ObjectID(hex: String(repeating: digit, count: 40)) else {
            throw SSHError(.other, "no id")
        }
        return id
    }
}
