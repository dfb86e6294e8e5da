/// One ref or LFS object that is not as it should be.
public struct VerifiedLine: Hashable, Sendable {
    /// Where something is not as it should be.
    public enum Place: String, Hashable, Sendable, Codable {
        /// The copy, against the source.
        case target
        /// The mirror, against the source.
        case mirror
        /// The kept tips of the copy, against those of the mirror.
        case archive
    }

    /// How it stands.
    public let mark: EqualityMark

    /// Where.
    public let place: Place

    /// The full name of the ref, `HEAD`, or `LFS object` and its SHA-256, as the server sent it: escape it before it is shown.
    public let ref: String

    /// What should be there: 40 hexadecimal digits, for HEAD a branch, for an LFS object its size as `5000 B`; nil for nothing.
    public let expected: String?

    /// What is there, in the same form, or `damaged`.
    public let found: String?

    init?(_ place: Place, ref: String, expected: String?, found: String?) {
        switch (expected, found) {
        case (let expected, let found) where expected == found: return nil
        case (_?, nil): mark = .missing
        case (nil, _): mark = .extra
        case (_?, _?): mark = .different
        }
        self.place = place
        self.ref = ref
        self.expected = expected
        self.found = found
    }

    /// An LFS object that is not there.
    init(_ place: Place, lacking object: LFSPointer) {
        mark = .missing
        self.place = place
        ref = "LFS object \(object.oid)"
        expected = "\(object.size) B"
        found = nil
    }

    /// An LFS object of the mirror whose content is another one.
    init(damagedInMirror object: LFSPointer) {
        mark = .different
        place = .mirror
        ref = "LFS object \(object.oid)"
        expected = "\(object.size) B"
        found = "damaged"
    }
}
