import Foundation
import Testing

@testable import Mirror

/// What the batch API says of single objects.
struct LFSAnswerTests {
    private let oid = String(repeating: "4d7a2146", count: 8)

    private func answer(_ operation: LFSOperation, _ members: String) throws -> LFSAnswer {
        let text = #"{"objects":[{"oid":"\#(oid)","size":7\#(members)}]}"#
        let document = try JSONDecoder().decode(LFSBatchDocument.self, from: Data(text.utf8))
        return try #require(document.objects.first).answer(operation, server: "gitlab.example")
    }

    /// An object that cannot be sent is not one that is there.
    @Test(arguments: [LFSOperation.upload, .download])
    func anErrorOfOneObjectIsItsOwn(operation: LFSOperation) throws {
        let answer = try answer(operation, #","error":{"code":422,"message":"too large"}"#)

        guard case .refused(let error) = answer else {
            Issue.record("\(answer)")
            return
        }
        #expect(error.code == .refused)
        #expect(error.message == "gitlab.example says of \(oid): 422 too large")
    }

    @Test(arguments: [404, 410])
    func whatIsNotThereIsMissingOnlyWhereItIsToBeRead(code: Int) throws {
        let members = #","error":{"code":\#(code),"message":"none"}"#
        guard case .missing = try answer(.download, members) else {
            Issue.record("a download")
            return
        }
        guard case .refused = try answer(.upload, members) else {
            Issue.record("an upload")
            return
        }
    }

    @Test func withoutAnActionAnUploadIsDoneAndADownloadIsNot() throws {
        guard case .nothing = try answer(.upload, "") else {
            Issue.record("an upload")
            return
        }
        guard case .refused(let error) = try answer(.download, #","actions":{}"#) else {
            Issue.record("a download")
            return
        }
        #expect(error.code == .protocolViolation)
    }
}
