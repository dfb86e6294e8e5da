import Foundation
import Mirror

/// The result of `verify` as one page, which loads nothing from anywhere.
struct VerifyHTML {
    let text: String

    init(_ report: VerifyReport, settings: SyncSettings, start: Date, proof: String?) {
        let verdict = report.isEqual ? "Equal" : "Not equal"
        let servers = "\(settings.source.url.absoluteString) → \(settings.target.url.absoluteString)"
        let problems =
            report.failures.map { "! \($0.code): \($0.message)" }
            + report.missingGroups.map { "+ group \($0)" }
            + report.moves.map { "* the copy at \($0.from) belongs at \($0.to)" }
            + (report.hasMirrors ? [] : ["no mirrors here: only the two servers were compared"])
        let rows = report.repositories.map(Self.row).joined(separator: "\n")
        text = """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(verdict) - gitlab-sync verify</title>
            <style>
            :root { color-scheme: light dark; font-family: system-ui, sans-serif }
            body { max-width: 75rem; margin: 1rem auto; padding: 0 1rem }
            .equal { color: light-dark(#17692f, #6fd08c) } .different { color: light-dark(#a3141f, #ff9a9a) }
            table { border-collapse: collapse; width: 100% }
            th, td { text-align: left; vertical-align: top; padding: .35rem .5rem; border-bottom: 1px solid #8886 }
            code { overflow-wrap: anywhere; font-size: .85em } ul { margin: .25rem 0; padding-left: 1.25rem }
            </style></head><body>
            <h1 class="\(report.isEqual ? "equal" : "different")">\(verdict)</h1>
            <p>\(Self.escaped(servers))<br>\(start.formatted(.iso8601)), gitlab-sync \(ProductVersion.current)\
            \(proof.map { "<br>proof <code>\($0)</code>" } ?? "")</p>
            \(Self.list(problems))
            <table><thead><tr><th scope="col">State</th><th scope="col">Source</th><th scope="col">Target</th>\
            <th scope="col">Refs</th><th scope="col">SHA-256 of source, and what differs</th></tr></thead><tbody>
            \(rows)
            </tbody></table></body></html>

            """
    }

    private static func row(_ repository: VerifiedRepository) -> String {
        let name = repository.source + (repository.kind == .wiki ? " (wiki)" : "")
        let failure = repository.failure.map { ["\($0.code): \($0.message) - \($0.hint)"] } ?? []
        let lines = repository.lines.map { line in
            "\(line.mark.rawValue) \(line.place.rawValue) \(line.ref): \(line.found ?? "nothing"), "
                + "should be \(line.expected ?? "nothing")"
        }
        return """
            <tr><td class="\(repository.isEqual ? "equal" : "different")">\(repository.mark.rawValue) \
            \(repository.mark.word)</td><td>\(escaped(name))</td><td>\(escaped(repository.target))</td>\
            <td>\(repository.refCount)\(repository.lfs.map { "<br>\($0.count) LFS objects" } ?? "")</td><td><code>\(repository.digests.source ?? "")</code>\
            \(list(lines + failure))</td></tr>
            """
    }

    private static func list(_ items: [String]) -> String {
        guard !items.isEmpty else { return "" }
        return "<ul>" + items.map { "<li>\(escaped($0))</li>" }.joined() + "</ul>"
    }

    private static func escaped(_ text: String) -> String {
        text.escapedForDisplay.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
            .replacing(">", with: "&gt;").replacing("\"", with: "&quot;")
    }
}
