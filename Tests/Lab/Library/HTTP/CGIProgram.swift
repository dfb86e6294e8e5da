import Dispatch
import Foundation
import Glibc
import Hummingbird

/// A program that speaks to a web server as RFC 3875 says: fields and a body on its output, a request's body on its input.
final class CGIProgram: Sendable {
    /// The fields that come first.
    struct Head: Sendable {
        /// The status; 200 unless a field says another, nothing if the program wrote no head.
        var status: Int?
        var fields: [(name: String, value: String)] = []
    }

    private static let pieceSize = 64 << 10

    private let process: ChildProcess
    private let input: Pipe.End
    private let output: Pipe.End

    init(_ executable: String, _ arguments: [String], environment: [String: String]) throws {
        let (stdin, stdout) = (try Pipe(), try Pipe())
        process = try ChildProcess(
            ChildProcess.Launch(
                executable: executable,
                arguments: arguments,
                environment: environment,
                input: stdin.reader.descriptor,
                output: stdout.writer.descriptor
            )
        )
        input = stdin.writer
        output = stdout.reader
        stdin.reader.close()
        stdout.writer.close()
    }

    /// Gives a request's body to the program; what it does not want is dropped.
    func take(_ body: RequestBody) async {
        do {
            for try await piece in body where !piece.readableBytesView.isEmpty {
                _ = await input.write(Data(piece.readableBytesView))
            }
        } catch {
            // A client that is gone: the program sees the end of its input.
        }
        input.close()
    }

    /// Reads the fields.
    ///
    /// - Returns: The fields, and what was read of the body.
    func head() async -> (Head, body: Data) {
        var text = Data()
        let end = Data("\r\n\r\n".utf8)
        while text.range(of: end) == nil {
            guard let more = await read() else { return (Head(), Data()) }
            text += more
        }
        guard let range = text.range(of: end) else { return (Head(), Data()) }
        var head = Head(status: 200)
        let lines = String(decoding: text[..<range.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
        for line in lines {
            let parts = line.split(separator: ":", maxSplits: 1).map {
                $0.trimmingCharacters(in: .whitespaces)
            }
            guard parts.count == 2 else { continue }
            if parts[0] == "Status" {
                head.status = Int(parts[1].prefix(3))
            } else {
                head.fields.append((parts[0], parts[1]))
            }
        }
        return (head, Data(text[range.upperBound...]))
    }

    /// The next piece of the output; nil at its end.
    func read() async -> Data? { await output.read(upTo: Self.pieceSize) }

    /// Waits for the end: the exit status.
    func end() async -> Int32 { await process.status() }

    /// Takes input and output away, which ends every git program.
    func abort() {
        input.close()
        output.close()
    }
}

/// Two connected descriptors, of which one is for reading and one for writing.
private struct Pipe {
    let reader: End
    let writer: End

    init() throws {
        var descriptors: [Int32] = [0, 0]
        // Sockets, as they are closed on exec from the first moment: no other child keeps an end open.
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, type, 0, &descriptors) == 0 else { throw LabError("cannot make a pipe") }
        (reader, writer) = (End(descriptors[0]), End(descriptors[1]))
    }

    /// One end, used from a queue of its own, as the system blocks there.
    final class End: Sendable {
        let descriptor: Int32
        private let queue = DispatchQueue(label: "lab.pipe")
        /// Only touched on the queue.
        private nonisolated(unsafe) var isOpen = true

        init(_ descriptor: Int32) { self.descriptor = descriptor }

        deinit { if isOpen { Glibc.close(descriptor) } }

        /// Nothing at the end of the stream.
        func read(upTo limit: Int) async -> Data? {
            await onQueue { [self] in
                guard isOpen else { return nil }
                var bytes = Data(count: limit)
                let count = bytes.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, limit) }
                return count > 0 ? bytes.prefix(count) : nil
            }
        }

        /// Whether the other side took everything.
        func write(_ bytes: Data) async -> Bool {
            await onQueue { [self] in
                guard isOpen else { return false }
                return bytes.withUnsafeBytes { bytes in
                    var rest = bytes
                    while !rest.isEmpty {
                        let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
                        guard count > 0 else { return false }
                        rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
                    }
                    return true
                }
            }
        }

        /// Closes after what was begun; may be called again.
        func close() {
            queue.async { [self] in
                if isOpen { Glibc.close(descriptor) }
                isOpen = false
            }
        }

        private func onQueue<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
            await withCheckedContinuation { continuation in
                queue.async { continuation.resume(returning: body()) }
            }
        }
    }
}
