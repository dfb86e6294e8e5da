/// What goes wrong with the git sessions of one project; each fault stands alone.
public struct GitFaults: Sendable {
    /// The session is refused before git starts, with this text in GitLab's box.
    public var refusal: String?
    /// Pushes are refused by the pre-receive hook with this text, if the check below accepts the push.
    public var pushRefusal: String?
    /// The refs whose presence in a push makes ``pushRefusal`` apply; `nil` for every push.
    public var refusedRefs: (@Sendable (String) -> Bool)?
    /// Time before git starts.
    public var delay: Duration = .zero
    /// The session waits before git starts, until its project or server has no such fault any more.
    public var isHeld = false
    /// The session never answers.
    public var hangs = false
    /// The server's output ends after this many bytes.
    public var cutAfterBytes: Int?
    /// The largest pack that a push may send, in bytes.
    public var maxInputSize: Int?
    /// How many sessions the faults above still concern; `nil` for all.
    public var sessions: Int?

    /// No faults.
    public init() {}
}
