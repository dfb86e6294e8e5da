import Foundation
import NIOSSL

/// Certificates of authorities that are trusted besides those of the system.
public struct TrustRoots: Sendable {
    /// Why a file holds none.
    public struct Unusable: Error, Hashable, Sendable {
        /// The reason, in a few words.
        public let reason: String
    }

    let certificates: [NIOSSLCertificate]

    /// Reads the certificates of a PEM file.
    ///
    /// - Throws: ``Unusable`` if the file cannot be read or holds no certificate.
    public init(pemFile path: String) throws(Unusable) {
        let content: Data
        do {
            content = try Data(contentsOf: URL(filePath: path))
        } catch {
            throw Unusable(reason: "cannot be read")
        }
        guard let found = try? NIOSSLCertificate.fromPEMBytes(Array(content)), !found.isEmpty else {
            throw Unusable(reason: "holds no certificate in PEM form")
        }
        certificates = found
    }
}
