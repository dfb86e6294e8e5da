import Mirror
import Testing

@testable import App

struct RedactorTests {
    @Test func takesEverySecretOutWhereverItStands() {
        let redactor = Redactor([Secret("glpat-one-one-one"), Secret("glpat-two-two-two")])

        let text = redactor.redact("a glpat-one-one-one\nglpat-two-two-twoglpat-one-one-one z")

        #expect(text == "a ***\n****** z")
    }

    @Test func aSecretThatBeginsAnotherLeavesNoRest() {
        let redactor = Redactor([Secret("glpat-common"), Secret("glpat-common-and-more")])
        #expect(redactor.redact("<glpat-common-and-more> <glpat-common>") == "<***> <***>")
    }

    @Test func aVeryShortSecretBlotsNothingOut() {
        #expect(Redactor([Secret(""), Secret("main")]).redact("main was copied") == "main was copied")
    }
}
