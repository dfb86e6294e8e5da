/// How one repository's copy and mirror stand beside their source.
public struct VerifiedRepository: Sendable {
    /// One number for the branches and tags of a repository that are mirrored.
    ///
    /// SHA-256 over the lines `<object id> <ref>`, sorted by the bytes of the ref, each with a line break at its end; 64 hexadecimal
    /// digits.
    public struct Digests: Hashable, Sendable, Codable {
        /// At the source; nil if that could not be read.
        public internal(set) var source: String?
        /// On the target; nil if there is no copy.
        public internal(set) var target: String?
        /// In the mirror; nil if there is none.
        public internal(set) var mirror: String?
    }

    /// How many old tips are kept, and where.
    public struct Archives: Hashable, Sendable, Codable {
        /// In the mirror and on the target.
        public internal(set) var both = 0
        /// In the mirror only.
        public internal(set) var mirrorOnly = 0
        /// On the target only.
        public internal(set) var targetOnly = 0
    }

    /// The LFS objects that the repository names.
    public struct LFSObjects: Hashable, Sendable, Codable {
        /// How many.
        public let count: Int
        /// The sum of their sizes.
        public let bytes: Int
        /// SHA-256 over the lines `<SHA-256 of the object> <size>`, sorted, each with a line break at its end; 64 hexadecimal digits.
        public let digest: String
    }

    /// The full path at the source, as the server sent it: escape it before it is shown.
    public let source: String

    /// The full path of the copy.
    public let target: String

    /// Which of the project's repositories this is.
    public let kind: RepositoryRole

    /// How it stands as a whole.
    public internal(set) var mark = EqualityMark.equal

    /// The branches and tags of the source that are mirrored.
    public internal(set) var refCount = 0

    /// The branch that HEAD names at the source, with its full name; nil if it is not mirrored or there is none.
    public internal(set) var head: String?

    /// What is not as it should be, ref by ref.
    public internal(set) var lines: [VerifiedLine] = []

    /// The digests of the refs.
    public internal(set) var digests = Digests()

    /// The old tips that are kept.
    public internal(set) var archives = Archives()

    /// The LFS objects, as the mirror names them; nil if there are none, or no mirror.
    public internal(set) var lfs: LFSObjects?

    /// How many objects of the mirror were read whole; nil if that was not asked for.
    public internal(set) var checkedObjects: Int?

    /// Why it could not be compared, or what is damaged; or, of an equal one, why it was skipped.
    public internal(set) var failure: SyncFailure?

    /// Whether nothing is wrong.
    public var isEqual: Bool { mark == .equal }
}
