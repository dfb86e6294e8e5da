/// An answer of the API before it is put on the wire.
struct APIReply: Sendable {
    var status: Int
    var contentType = "application/json"
    var headers: [(name: String, value: String)] = []
    var body: String

    init(_ status: Int = 200, _ body: JSON) {
        self.status = status
        self.body = body.description
    }

    init(_ status: Int, text: String, contentType: String = "text/plain") {
        self.status = status
        self.contentType = contentType
        self.body = text
    }

    static let noContent = APIReply(204, text: "")
}
