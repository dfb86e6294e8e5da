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

    @Test func aSecretIsFoundInEverySpelling() {
        let redactor = Redactor([Secret(#"gl"pat\one/two+x"#)])
        for text in [
            #"gl"pat\one/two+x"#, #"gl\"pat\\one/two+x"#, #"gl\"pat\\one\/two+x"#, "gl%22pat%5Cone%2Ftwo%2Bx",
        ] {
            #expect(redactor.redact("<\(text)>") == "<***>")
        }
    }

    @Test func newSecretsAreAddedToTheOld() {
        var redactor = Redactor([Secret("glpat-yesterday")])
        redactor.formUnion(Redactor([Secret("glpat-today")]))
        #expect(redactor.redact("glpat-yesterday glpat-today") == "*** ***")
    }
}
