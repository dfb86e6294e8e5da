import ArgumentParser
import Foundation
import Lab

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// Asks a running lab what only a lab tells.
struct LabClient {
    let server: URL

    /// One project and where its repositories lie.
    struct Project: Decodable {
        let path: String
        let pendingDeletion: Bool
        let repository: String
        let wiki: String?
        let pipelines: Int
    }

    /// How many git sessions there were.
    struct Journal: Decodable {
        let requests: Int
        let uploadPack: Int
        let receivePack: Int
    }

    func projects() async throws -> [Project] { try await get("projects") }

    func journal() async throws -> Journal { try await get("journal") }

    func clearJournal() async throws { try await delete("journal") }

    func endStorm() async throws { try await delete("storm") }

    /// Lets the git sessions of a project wait, or those that wait go on.
    func hold(_ isHeld: Bool, project: String) async throws {
        try await send(isHeld ? "PUT" : "DELETE", "held/\(project)")
    }

    private func delete(_ name: String) async throws { try await send("DELETE", name) }

    private func send(_ method: String, _ name: String) async throws {
        var request = URLRequest(url: server.appending(path: "-/lab/\(name)"))
        request.httpMethod = method
        let (_, response) = try await URLSession.shared.data(for: request)
        guard (response as? HTTPURLResponse)?.statusCode == 204 else {
            throw ValidationError("the lab has no '\(name)'")
        }
    }

    private func get<Value: Decodable>(_ name: String) async throws -> Value {
        let (data, _) = try await URLSession.shared.data(from: server.appending(path: "-/lab/\(name)"))
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(Value.self, from: data)
    }
}
