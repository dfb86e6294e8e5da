import Testing

@testable import Mirror

struct SecretTests {
    private struct Holder {
        let name = "holder"
        let secret: Secret
        let optional: Secret?
        let list: [Secret]
    }

    @Test func printsAsAsterisksWhereverItLands() {
        let secret = Secret("glpat-hidden")
        let holder = Holder(secret: secret, optional: secret, list: [secret])
        var dumped = ""
        dump(holder, to: &dumped)
        dump(secret, to: &dumped)

        let texts = [
            "\(secret)", String(describing: secret), String(reflecting: secret), "\(holder)",
            String(reflecting: holder),
            "\([secret: [secret]])", "\(Optional(secret) as Any)", dumped,
        ]

        #expect(texts.allSatisfy { !$0.contains("hidden") })
        #expect(texts.allSatisfy { $0.contains("***") })
        #expect(secret.reveal() == "glpat-hidden")
    }

    @Test func equalSecretsAreEqual() {
        #expect(Secret("a") == Secret("a"))
        #expect(Secret("a") != Secret("b"))
    }
}
