/// How a command on the server ended.
struct CommandExit: Hashable, Sendable {
    /// The command's exit status; 255 from the `ssh` program means that the connection failed.
    var status: Int32
    /// The name of the signal that ended it, without `SIG`.
    var signal: String?

    var isSuccess: Bool { status == 0 && signal == nil }
}

/// A git service that runs on a server, as two streams of bytes and a text of complaints.
///
/// The blocking methods are for libgit2, which calls them from a repository's own queue. One reader and one writer
/// may work at the same time; ``cancel()`` and ``close()`` may come from any thread and end their waits at once.
/// Every wait ends with `stalled` when no data of this channel moved for the limit of the options.
protocol GitChannel: AnyObject, Sendable {
    /// Reads what is there, waiting for at least one byte.
    ///
    /// - Returns: how many bytes were read; 0 at the end of the stream.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(ConnectionError) -> Int

    /// Takes all of `bytes` for sending, waiting while the buffer is full.
    ///
    /// - Throws: `remoteClosed` as soon as the command has ended its output; what it said can still be read.
    func write(_ bytes: UnsafeRawBufferPointer) throws(ConnectionError)

    /// Tells the command that no more input comes, after what was written. Does not wait.
    func closeWrite()

    /// Waits for the end of the command; output that was not read before is dropped.
    ///
    /// - Returns: how it ended; `nil` where the server did not say.
    func waitForExit() throws(ConnectionError) -> CommandExit?

    /// The last part of what the command wrote to its standard error.
    var standardError: String { get }

    /// Reads as ``read(into:)``, without blocking a thread. Cancelling the task cancels the channel.
    ///
    /// - Returns: at least one byte; `nil` at the end of the stream.
    func readAvailable(upTo limit: Int) async throws -> [UInt8]?

    /// Gives the channel back. Output that was not read is dropped. Never waits, may be called again.
    func close()

    /// Ends every wait on this channel at once with `cancelled`, and closes it.
    func cancel()

    /// Whether the service forgets its client after its refs and after each answer, as over HTTP.
    ///
    /// To such a service a request ends with ``closeWrite()``, and a client that wants nothing says nothing.
    var isStateless: Bool { get }
}

extension GitChannel {
    /// No: most channels carry a conversation.
    var isStateless: Bool { false }

    /// Writes all of `bytes`.
    func write(_ bytes: [UInt8]) throws(ConnectionError) {
        var failure: ConnectionError?
        bytes.withUnsafeBytes { buffer in
            do throws(ConnectionError) {
                try write(buffer)
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
    }
}
