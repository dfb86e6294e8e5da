import Foundation

/// Hands a mail to the machine's `sendmail`.
struct Sendmail: Sendable {
    /// The address of each reader.
    let recipients: [String]

    /// Where the program is looked for.
    let folders: [String]

    /// How long it may take.
    let timeout: Duration

    /// Why a mail was not taken.
    struct Failure: Error {
        let reason: String
    }

    /// Sends a mail of plain text.
    ///
    /// - Throws: ``Failure``, or `CancellationError`.
    func send(subject: String, text: String) async throws {
        let programs = folders.map { $0 + "/sendmail" }
        guard let program = programs.first(where: { access($0, X_OK) == 0 }) else {
            throw Failure(reason: "there is no sendmail in \(folders.joined(separator: ", "))")
        }
        let head = [
            "To: \(recipients.joined(separator: ", "))", "Subject: \(subject)",
            "Auto-Submitted: auto-generated", "MIME-Version: 1.0",
            "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit",
        ]
        let mail = head.joined(separator: "\n") + "\n\n" + text
        // Files and no pipes: a program that does not read or write cannot hold us up.
        let (input, output) = (try Self.file(Data(mail.utf8)), try Self.file(Data()))
        defer { for descriptor in [input, output] { close(descriptor) } }
        let process: ChildProcess
        do {
            // -i: a line with a single dot is no end. Recipients stand in the arguments, nowhere else.
            process = try ChildProcess(
                [program, "-i", "--"] + recipients,
                descriptors: [input, output, output]
            )
        } catch {
            throw Failure(reason: error.message)
        }
        let exit = try await end(of: process)
        guard let exit else { throw Failure(reason: "\(program) did not end within \(timeout.text)") }
        guard exit.status == 0 else {
            let words = Self.text(of: output)
            throw Failure(
                reason: "\(program) ends with \(exit.status)" + (words.isEmpty ? "" : ": \(words)")
            )
        }
    }

    /// How the program ended; nil if it was ended since it took too long.
    private func end(of process: ChildProcess) async throws -> CommandExit? {
        let deadline = ContinuousClock.now + timeout
        do {
            while ContinuousClock.now < deadline {
                if let exit = process.exit() { return exit }
                try await Task.sleep(for: .milliseconds(20))
            }
        } catch {
            process.kill(SIGKILL)
            throw error
        }
        process.kill(SIGKILL)
        return nil
    }

    /// A file without a name that begins with `data`, at its beginning.
    private static func file(_ data: Data) throws -> Int32 {
        let name = NSTemporaryDirectory() + "/gitlab-sync-mail-\(UUID().uuidString)"
        let descriptor = open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw Failure(reason: "no temporary file can be made: \(String(cString: strerror(errno)))")
        }
        unlink(name)
        var rest = data[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else {
                let reason = String(cString: strerror(errno))
                close(descriptor)
                throw Failure(reason: "the temporary file cannot be written: \(reason)")
            }
            rest = rest.dropFirst(count)
        }
        lseek(descriptor, 0, SEEK_SET)
        return descriptor
    }

    /// The first words of a file.
    private static func text(of descriptor: Int32) -> String {
        var bytes = [UInt8](repeating: 0, count: 300)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
            .trimmingCharacters(in: .whitespacesAndNewlines).escapedForDisplay
    }
}
