/// What the batch API says of one object.
enum LFSAnswer: Sendable {
    /// How to transfer it.
    case action(LFSAction)
    /// Nothing is to be done: what is to be uploaded is already there.
    case nothing
    /// The server does not have it.
    case missing
    /// It cannot be transferred.
    case refused(LFSError)

    /// What can be done now; nil if that is nothing, or no longer.
    var freshAction: LFSAction? {
        guard case .action(let action) = self, action.expiry?.isFarOff ?? true else { return nil }
        return action
    }
}

/// Where an object is to be transferred, and with which headers.
struct LFSAction: Sendable {
    let url: String

    /// All that may be sent along: the address may be another server's, which must see nothing of ours.
    let headers: [(name: String, value: String)]

    let expiry: LFSExpiry?
}

/// The answer of the batch API, as it is written.
struct LFSBatchDocument: Decodable {
    struct Object: Decodable {
        let oid: String
        let size: Int
        let actions: [String: Action]?
        let error: Failure?
    }

    struct Action: Decodable {
        let href: String
        let header: [String: String]?
        let expires_in: Int?
        let expires_at: String?
    }

    struct Failure: Decodable {
        let code: Int
        let message: String?
    }

    let objects: [Object]
}

extension LFSBatchDocument.Object {
    /// What it says of an upload or download from or to the server `name`.
    func answer(_ operation: LFSOperation, server name: String) -> LFSAnswer {
        if let error {
            if operation == .download, error.code == 404 || error.code == 410 { return .missing }
            let words = error.message ?? "no message"
            return .refused(LFSError(.refused, "\(name) says of \(oid): \(error.code) \(words)"))
        }
        guard let action = actions?[operation.rawValue] else {
            return operation == .upload
                ? .nothing : .refused(LFSError(.protocolViolation, "\(name) does not say where \(oid) is"))
        }
        return .action(
            LFSAction(
                url: action.href,
                headers: (action.header ?? [:]).map { (name: $0.key, value: $0.value) },
                expiry: LFSExpiry(seconds: action.expires_in, date: action.expires_at)
            )
        )
    }
}
