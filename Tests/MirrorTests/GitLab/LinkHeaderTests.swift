import Testing

@testable import Mirror

struct LinkHeaderTests {
    @Test(
        arguments: [
            (#"<https://h/api/v4/p?page=2&x=a%2Fb>; rel="next""#, "page=2&x=a%2Fb"),
            (
                #"<https://h/p?page=1>; rel="first", <https://h/p?page=2>; rel="next", <https://h/p?page=9>; rel="last""#,
                "page=2"
            ),
            (#"<https://h/p?page=1>; rel="prev", <https://h/p?a=1,2&page=3>;rel=next"#, "a=1,2&page=3"),
            (#"<https://h/p?page=9>; rel="last""#, nil), (#"<https://h/p>; rel="next""#, nil), ("", nil),
            ("nonsense", nil),
            (#"<https://h/p?page=2>; title="x"; rel="next""#, "page=2"),
        ] as [(String, String?)]
    )
    func theQueryOfTheNextPage(header: String, query: String?) {
        #expect(LinkHeader(header).query(of: "next") == query)
    }
}
