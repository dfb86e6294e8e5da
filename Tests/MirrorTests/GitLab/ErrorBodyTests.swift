import Foundation
import Testing

@testable import Mirror

/// The bodies of failed answers, in every shape that GitLab and proxies use.
struct ErrorBodyTests {
    private func body(_ text: String) -> ErrorBody {
        ErrorBody(HTTPResponse(status: 400, headers: [], body: Data(text.utf8)))
    }

    @Test(
        arguments: [
            (#"{"message":"401 Unauthorized"}"#, "401 Unauthorized", nil),
            (
                #"{"error":"invalid_token","error_description":"Token was revoked. You have to re-authorize from the user."}"#,
                "Token was revoked. You have to re-authorize from the user.", "invalid_token"
            ),
            (
                #"{"error":"invalid_token","error_description":"Token is expired. You can either do re-authorization or token refresh."}"#,
                "Token is expired. You can either do re-authorization or token refresh.", "invalid_token"
            ),
            (
                #"{"error":"insufficient_scope","error_description":"The request requires higher privileges than provided by the access token.","scope":"api"}"#,
                "The request requires higher privileges than provided by the access token.",
                "insufficient_scope"
            ),
            (
                #"{"message":"403 Forbidden - Must be admin to use sudo"}"#,
                "403 Forbidden - Must be admin to use sudo", nil
            ),
            (#"{"message":"404 Project Not Found"}"#, "404 Project Not Found", nil),
            (#"{"error":"404 Not Found"}"#, "404 Not Found", "404 Not Found"),
            (
                #"{"message":"400 Bad request - \"title\" not given"}"#,
                "400 Bad request - \"title\" not given", nil
            ),
            (#"{"error":"name is missing"}"#, "name is missing", "name is missing"),
            (
                #"{"message":{"bio":["is too long (maximum is 255 characters)"]}}"#,
                "bio is too long (maximum is 255 characters)", nil
            ),
            (
                #"{"message":{"project_namespace.name":["has already been taken"],"name":["has already been taken"],"path":["has already been taken","is reserved"]}}"#,
                "name has already been taken; path has already been taken, is reserved; project_namespace.name has already been taken",
                nil
            ),
            (
                #"{"message":{"project_namespace.name":["has already been taken"],"base":["The project is still being deleted. Please try again later."]}}"#,
                "base The project is still being deleted. Please try again later.; project_namespace.name has already been taken",
                nil
            ),
            (
                #"{"message":"Failed to save group {:path=>[\"has already been taken\"]}"}"#,
                "Failed to save group {:path=>[\"has already been taken\"]}", nil
            ),
            (
                #"{"message":"Non GET methods are not allowed for moved projects"}"#,
                "Non GET methods are not allowed for moved projects", nil
            ),
            (
                #"{"message":"Protected branch 'main' already exists"}"#,
                "Protected branch 'main' already exists", nil
            ),
            (#"{"message":"409 Conflict: Resource lock"}"#, "409 Conflict: Resource lock", nil),
            (
                #"{"message":{"error":"This endpoint has been requested too many times. Try again later."}}"#,
                "This endpoint has been requested too many times. Try again later.", nil
            ),
            ("Retry later\n", "Retry later", nil),
            (
                "<!DOCTYPE html><html><head><title>GitLab is not responding (502)</title></head><body><h1>502</h1></body></html>",
                "GitLab is not responding (502) 502", nil
            ),
            (
                "This resource has been moved permanently to https://gitlab.example.com/api/v4/projects/81",
                "This resource has been moved permanently to https://gitlab.example.com/api/v4/projects/81",
                nil
            ),
            (
                "<style>\nbody { color: red }\n</style>\n<SCRIPT>if (a < b) alert(1)</SCRIPT><p>Sign\n  in</p>",
                "Sign in", nil
            ),
            ("", "no message", nil), (" \n ", "no message", nil), ("{}", "no message", nil),
            (#"{"message":""}"#, "no message", nil),
            ("[1,2]", "[1,2]", nil), (#"{"message":42}"#, "42", nil),
            (#"{"message":["a","b"]}"#, "a, b", nil),
            (#"{"errors":[{"message":"Invalid token"}]}"#, "no message", nil),
        ] as [(String, String, String?)]
    )
    func saysWhatTheServerSaid(body text: String, expected: String, error: String?) {
        let body = body(text)
        #expect(body.text == expected)
        #expect(body.error == error)
    }

    @Test func longTextsAreCut() {
        let body = body(String(repeating: "word ", count: 10_000))
        #expect(body.text.count == 201)
        #expect(body.text.hasSuffix("…"))
    }

    @Test func bytesThatAreNoTextDoNoHarm() {
        let body = ErrorBody(HTTPResponse(status: 500, headers: [], body: Data([0xFF, 0xFE, 0x00, 0xC3])))
        #expect(!body.text.isEmpty)
    }
}
