import Foundation

@testable import Mirror

/// What a GitLab, or a proxy before it, answers.
enum APIFuzzing {
    static func answer(_ bytes: [UInt8]) {
        let response = HTTPResponse(status: 500, headers: [], body: Data(bytes))
        let text = ErrorBody(response).text
        require(!text.isEmpty && text.count <= 201, "'\(text)' is empty or long")
        let token = Secret("glpat-0123456789")
        require(!ErrorBody(response, hiding: [token]).text.contains(token.reveal()), "the token is shown")
        let header = LinkHeader(String(decoding: bytes.prefix(2048), as: UTF8.self))
        require(header.query(of: "next")?.isEmpty != true, "an empty query")
        _ = try? JSONDecoder().decode([GitLabProject].self, from: response.body)
        _ = try? JSONDecoder().decode(GitLabGroup.self, from: response.body)
    }
}
