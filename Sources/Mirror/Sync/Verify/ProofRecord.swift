import Crypto
import Foundation

/// One entry of a proof file: what one verification found.
///
/// It is one line of JSON. Its last member, `hash`, is the SHA-256 of the line's bytes before it; `previous` is the hash of the
/// record before. So the records are a chain, in which nothing can be changed without changing all that follows.
public struct ProofRecord: Hashable, Sendable, Codable {
    /// A repository and its digests.
    public struct Repository: Hashable, Sendable, Codable {
        /// The full path at the source.
        public let source: String
        /// The full path on the target.
        public let target: String
        /// Which of the project's repositories.
        public let kind: RepositoryRole
        /// `equal`, `missing`, `extra`, `different` or `error`.
        public let result: String
        /// How many branches and tags.
        public let refs: Int
        /// The branch that HEAD names.
        public let head: String?
        /// The digests of the refs.
        public let digests: VerifiedRepository.Digests
        /// The LFS objects; nil if there are none, and in records of versions that did not look at them.
        public let lfs: VerifiedRepository.LFSObjects?
    }

    /// The place in the file: 1, 2, 3 and so on.
    public let number: Int

    /// The `hash` of the record before; of the first one, 64 zeros.
    public let previous: String

    /// When the verification began, as `2026-11-20T12:00:00Z`.
    public let time: String

    /// The version of the product.
    public let version: String

    /// The base URL of the source.
    public let source: String

    /// The base URL of the target.
    public let target: String

    /// Whether the objects of the mirrors were read.
    public let deep: Bool

    /// `equal` or `different`.
    public let result: String

    /// How many repositories stand how, by the words of ``EqualityMark/word``.
    public let counts: [String: Int]

    /// What went wrong outside of any repository.
    public let failures: [String]

    /// Every project and wiki that was compared.
    public let repositories: [Repository]

    /// What comes before the first record.
    static let beginning = String(repeating: "0", count: 64)

    /// The record of a verification with `settings` that began at `time`.
    init(
        _ report: VerifyReport,
        isDeep: Bool,
        settings: SyncSettings,
        time: Date,
        number: Int,
        previous: String
    ) {
        self.number = number
        self.previous = previous
        self.time = time.formatted(.iso8601)
        version = ProductVersion.current
        source = settings.source.url.absoluteString
        target = settings.target.url.absoluteString
        deep = isDeep
        result = report.isEqual ? "equal" : "different"
        counts = Dictionary(grouping: report.repositories, by: \.mark.word).mapValues(\.count)
        failures =
            report.failures.map(\.code) + report.missingGroups.map { _ in "group-missing" }
            + report.moves.map { _ in "copy-misplaced" }
        repositories = report.repositories.map { repository in
            Repository(
                source: repository.source,
                target: repository.target,
                kind: repository.kind,
                result: repository.mark.word,
                refs: repository.refCount,
                head: repository.head,
                digests: repository.digests,
                lfs: repository.lfs
            )
        }
    }

    /// The record as a line of a proof file, without its line break.
    func line() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let body = String(decoding: try encoder.encode(self).dropLast(), as: UTF8.self)
        return "\(body)\(ProofLine.hashKey)\(ProofLine.hash(of: Data(body.utf8)))\"}"
    }
}

/// A line of a proof file, taken apart.
struct ProofLine {
    static let hashKey = #","hash":""#
    private static let ending = Data(#""}"#.utf8)
    private static let digits = 64

    /// What the line says of itself.
    let record: ProofRecord

    /// The hash that it carries.
    let hash: String

    /// The hash that its bytes have.
    let actualHash: String

    /// Takes a line apart, which has no line break; nil if it is no record.
    init?(_ line: Data) {
        let tail = Self.hashKey.utf8.count + Self.digits + Self.ending.count
        guard line.count > tail, line.suffix(Self.ending.count) == Self.ending else { return nil }
        let body = line.dropLast(tail)
        let rest = line.suffix(tail)
        guard rest.starts(with: Self.hashKey.utf8),
            let record = try? JSONDecoder().decode(ProofRecord.self, from: body + Data("}".utf8))
        else { return nil }
        self.record = record
        hash = String(
            decoding: rest.dropFirst(Self.hashKey.utf8.count).prefix(Self.digits),
            as: UTF8.self
        )
        actualHash = Self.hash(of: body)
    }

    /// The SHA-256 of some bytes as 64 hexadecimal digits.
    static func hash(of bytes: Data) -> String {
        SHA256.hash(data: bytes).hexadecimal
    }
}
