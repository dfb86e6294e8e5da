/// An ``HTTPTransport`` that can also carry bodies too large for memory.
public protocol StreamingTransport: HTTPTransport {
    /// Sends `request` and returns when the answer begins; its body is read piece by piece.
    ///
    /// - Parameters:
    ///   - request: What to send; its own ``HTTPRequest/body`` counts only without `body`.
    ///   - body: The request's body, which is sent while it is made.
    /// - Returns: The answer, whatever its status is.
    /// - Throws: What `body` throws, an error that says why no answer came, or `CancellationError`.
    func open(_ request: HTTPRequest, body: HTTPUpload?) async throws -> HTTPStream
}

/// A request's body that is made while it is sent.
public struct HTTPUpload: Sendable {
    /// The size of the body, in bytes.
    public var length: Int

    /// Makes the next piece; nil is the end.
    ///
    /// Called by one task at a time. An error ends the request, so that the server never sees a complete body.
    public var next: @Sendable () async throws -> [UInt8]?

    /// A body of `length` bytes that `next` makes.
    public init(length: Int, next: @escaping @Sendable () async throws -> [UInt8]?) {
        self.length = length
        self.next = next
    }
}

/// An answer whose body is read while it comes in.
///
/// Giving it up before its end closes the connection.
public struct HTTPStream: Sendable {
    /// The status code, for example 200.
    public var status: Int

    /// Header fields as they were received.
    public var headers: [(name: String, value: String)]

    /// Waits for the next piece of the body; nil is the end.
    ///
    /// For one task at a time.
    public var next: @Sendable () async throws -> [UInt8]?

    /// An answer with a body that `next` reads.
    public init(
        status: Int,
        headers: [(name: String, value: String)],
        next: @escaping @Sendable () async throws -> [UInt8]?
    ) {
        self.status = status
        self.headers = headers
        self.next = next
    }
}
