import Testing

@testable import Mirror

struct EndpointTests {
    @Test(arguments: [
        ("a/b/c", "/groups/a%2Fb%2Fc"), ("7", "/groups/7"), ("a b", "/groups/a%20b"),
        ("a?b#c", "/groups/a%3Fb%23c"),
        ("a%2Fb", "/groups/a%252Fb"), ("ä+&=", "/groups/%C3%A4%2B%26%3D"), ("a-._~Z9", "/groups/a-._~Z9"),
        ("../x", "/groups/..%2Fx"),
        ("a\r\nb", "/groups/a%0D%0Ab"),
    ])
    func componentsAreEncodedAsAWhole(path: String, text: String) {
        #expect(Endpoint("groups", path).text == text)
    }

    @Test func queriesAreEncodedAndKeepTheirOrder() {
        let endpoint = Endpoint("groups", query: ["search": "a&b=c d", "order_by": "id"])
        #expect(endpoint.text == "/groups?search=a%26b%3Dc%20d&order_by=id")
        #expect(endpoint.request("GET") == "GET /groups?search=a%26b%3Dc%20d&order_by=id")
    }

    @Test func aQueryCanBeReplacedAndChanged() {
        let endpoint = Endpoint("groups", "a/b", query: ["page": "1", "per_page": "100"])
        #expect(endpoint.replacingQuery(with: "x=%20").text == "/groups/a%2Fb?x=%20")
        #expect(endpoint.setting("page", to: "2").text == "/groups/a%2Fb?per_page=100&page=2")
        #expect(Endpoint("groups").setting("page", to: "2 3").text == "/groups?page=2%203")
    }
}
