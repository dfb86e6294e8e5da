/// What is done with LFS objects.
public enum LFSMode: String, CaseIterable, Hashable, Sendable {
    /// They are copied, and kept in the mirror, from which they can be restored.
    case keep
    /// They are copied from server to server and not stored between.
    case stream
    /// They are left out.
    case off
}
