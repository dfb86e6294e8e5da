import Foundation

/// An answer of the API before it is put on the wire.
struct APIReply: Sendable {
    var status: Int
    var contentType = "application/json"
    var headers: [(name: String, value: String)] = []
    var body: Data

    init(_ status: Int = 200, _ body: JSON) {
        self.status = status
        self.body = Data(body.description.utf8)
    }

    init(_ status: Int, text: String, contentType: String = "text/plain") {
        self.status = status
        self.contentType = contentType
        self.body = Data(text.utf8)
    }

    init(_ status: Int, bytes: Data) {
        self.status = status
        self.contentType = "application/octet-stream"
        self.body = bytes
    }

    static let noContent = APIReply(204, text: "")
}
