import Foundation
import Lab
import Testing

@testable import Mirror

extension SyncFixture {
    /// A project of the source with one commit.
    func makeProject(_ path: String) async throws {
        try source.createProject(path)
        try await source.commit(to: path, files: ["README.md": "\(path)\n"], message: "Start")
    }

    /// What a doctor finds; `change` may break things in the settings first.
    func examine(
        _ change: (inout SyncSettings) throws -> Void = { _ in },
        environment: [String: String] = [:],
        fileSystem: FileSystemProbe = .real,
        now: @escaping @Sendable () -> Date = { Date() }
    ) async throws -> DoctorFindings {
        var settings = settings()
        try change(&settings)
        let transport = AsyncHTTPTransport(timeout: .seconds(60), network: settings.network)
        let result: Result<[DoctorFinding], any Error>
        do {
            let doctor = Doctor(
                settings: settings,
                transport: transport,
                retry: impatient,
                environment: environment,
                fileSystem: fileSystem,
                now: now
            )
            result = .success(try await doctor.examine())
        } catch {
            result = .failure(error)
        }
        try await transport.shutdown()
        return DoctorFindings(all: try result.get())
    }
}

/// Findings, and how to look for one.
struct DoctorFindings {
    let all: [DoctorFinding]

    subscript(area: DoctorFinding.Area, code: String) -> [DoctorFinding] {
        all.filter { $0.area == area && $0.code == code }
    }

    /// Expects one finding of a kind, with texts in its message and a fix where it is bad.
    func expect(
        _ level: DoctorFinding.Level,
        _ area: DoctorFinding.Area,
        _ code: String,
        cause: DoctorFinding.Cause? = nil,
        saying texts: String...,
        location: SourceLocation = #_sourceLocation
    ) {
        let matching = self[area, code].filter { finding in
            finding.level == level && finding.cause == cause && (finding.fix == nil) == (level == .ok)
                && texts.allSatisfy { (finding.message + (finding.fix ?? "")).contains($0) }
        }
        #expect(
            matching.count == 1,
            "\(level) \(code) \(texts): \(self[area, code])",
            sourceLocation: location
        )
    }
}
