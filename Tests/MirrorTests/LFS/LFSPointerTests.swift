import Foundation
import Testing

@testable import Mirror

/// What is a pointer, and what only looks like one.
struct LFSPointerTests {
    private static let oid = String(repeating: "4d7a2146", count: 8)
    private static let text = "version https://git-lfs.github.com/spec/v1\noid sha256:\(oid)\nsize 12345\n"

    private func pointer(_ text: String) -> LFSPointer? {
        Data(text.utf8).withUnsafeBytes { LFSPointer($0) }
    }

    @Test(arguments: [
        text, String(text.dropLast()), text.replacing("\n", with: "\r\n"),
        text.replacing("git-lfs.github.com/spec/v1", with: "hawser.github.com/spec/v1"),
        text.replacing("\noid", with: "\next-0-case sha256:\(oid)\noid"),
        text + String(repeating: "\n", count: 1023 - text.utf8.count),
    ])
    func aPointerIsRead(text: String) {
        #expect(pointer(text) == LFSPointer(oid: Self.oid, size: 12345))
    }

    @Test(arguments: [
        "", "version https://git-lfs.github.com/spec/v1\n",
        text.replacing("spec/v1", with: "spec/v2"), text.replacing("sha256", with: "sha1"),
        text.replacing("4d7a", with: "4D7A"), text.replacing("4d7a2146\n", with: "4d7a214\n"),
        text.replacing("4d7a2146\n", with: "4d7a21460\n"), text.replacing("4d7a2146\n", with: "4d7a214g\n"),
        text.replacing("12345", with: "-1"), text.replacing("12345", with: "12 345"),
        text.replacing("12345", with: "99999999999999999999"), text.replacing("size 12345\n", with: ""),
        text + "size 12345\n", "x" + text, text + "\u{0}",
        text + String(repeating: "\n", count: 1024 - text.utf8.count),
    ])
    func anythingElseIsNone(text: String) {
        #expect(pointer(text) == nil)
    }

    @Test func bytesThatAreNoTextAreNone() {
        let bytes = Data(Self.text.utf8) + [0xFF]
        #expect(bytes.withUnsafeBytes { LFSPointer($0) } == nil)
    }

    @Test func theEndOfAnAccessIsKnown() {
        #expect(LFSExpiry(seconds: nil, date: nil) == nil)
        #expect(LFSExpiry(seconds: 0, date: nil) == nil)
        #expect(LFSExpiry(seconds: nil, date: "soon") == nil)
        #expect(LFSExpiry(seconds: 7200, date: nil)?.isFarOff == true)
        #expect(LFSExpiry(seconds: Int.max, date: nil)?.isFarOff == true)
        #expect(LFSExpiry(seconds: 1, date: nil)?.isFarOff == false)
        #expect(LFSExpiry(seconds: -7, date: nil)?.isFarOff == false)
        #expect(LFSExpiry(seconds: nil, date: "2001-01-01T00:00:00Z")?.isFarOff == false)
        #expect(LFSExpiry(seconds: nil, date: "2999-01-01T00:00:00Z")?.isFarOff == true)
        #expect(LFSExpiry(seconds: 7200, date: "2001-01-01T00:00:00Z")?.isFarOff == true)
    }

    @Test func aTokenGoesToItsOwnServerOnly() async throws {
        let server = try #require(URL(string: "https://gitlab.example:8443"))
        let credential = HTTPCredential(Secret("glpat-secret"), for: try #require(HTTPOrigin(server)))
        let own = try TokenAuthenticator("https://gitlab.example:8443/a/p.git", credential)
        let access = try await own.access(for: .upload)
        #expect(access.url == "https://gitlab.example:8443/a/p.git/info/lfs")
        #expect(access.headers.map(\.name) == ["Authorization"])
        #expect(access.headers[0].value == "Basic " + Data("oauth2:glpat-secret".utf8).base64EncodedString())
        for other in [
            "https://gitlab.example/a/p.git", "http://gitlab.example:8443/a/p.git", "https://x:8443/p.git",
        ] {
            let error = #expect(throws: LFSError.self) {
                try TokenAuthenticator(other, credential)
            }
            #expect(error?.message.contains("glpat") == false)
        }
    }
}
