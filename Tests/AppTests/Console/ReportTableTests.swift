import Testing

@testable import App
@testable import Mirror

/// The table at the end of a run, on narrow and wide terminals.
struct ReportTableTests {
    private let reports: [ProjectReport] = {
        var new = Reports.project("acme/backend/billing-service", target: "copies/backend/billing-service")
        new.refs.created = 12
        new.bytes = 4_200_000
        var chinese = Reports.project("acme/数据平台/订单服务", target: "copies/数据平台/订单服务")
        chinese.refs.updated = 1
        let same = Reports.project("acme/same", target: "copies/same", status: .unchanged)
        let bad = Reports.project(
            "acme/bad",
            target: "copies/bad",
            status: .failed,
            failure: SyncFailure(
                code: "protected-branch",
                message: "the rule 'main' lets nobody push to refs/heads/main of this project",
                hint: "let the target token's user push to this protected branch (Settings, Repository)"
            )
        )
        return [new, chinese, same, bad]
    }()

    @Test(arguments: [40, 41, 60, 79, 80, 120, 200])
    func noLineIsWiderThanTheTerminal(width: Int) {
        let lines = ReportTable(reports).text(width: width).split(separator: "\n")

        #expect(lines.count >= 6)
        for line in lines { #expect(line.columns <= width, "\(line)") }
    }

    /// Every row has its cells where the header's words begin.
    @Test(arguments: [40, 80, 200])
    func cellsStandBelowTheirHeads(width: Int) throws {
        let lines = ReportTable(reports).text(width: width).split(separator: "\n").prefix(4).map(String.init)
        let header = lines[0]

        for name in ["SOURCE", "TARGET", "CHANGES"] {
            guard let start = header.firstRange(of: name)?.lowerBound else { continue }
            let column = header[..<start].columns
            for line in lines.dropFirst() where line.columns > column {
                let before = line.clippedByColumns(column)
                #expect(before.columns == column && before.hasSuffix("  "), "\(line)")
            }
        }
        #expect(header.contains("TARGET") == (width > 40))
        #expect(header.contains("CHANGES"))
    }

    @Test func theEndOfAPathStays() {
        let text = ReportTable(reports).text(width: 60)

        #expect(text.contains("…"))
        #expect(text.contains("-service"))
        #expect(text.contains("订单服务"))
    }

    @Test func whatIsUnchangedIsShownWhereItIsAskedFor() {
        #expect(!ReportTable(reports).text(width: 200).contains("acme/same"))
        #expect(ReportTable(reports, withUnchanged: true).text(width: 200).contains("acme/same"))
    }
}

extension String {
    /// The beginning that takes no more than so many columns.
    fileprivate func clippedByColumns(_ width: Int) -> String {
        var result = ""
        for character in self {
            guard (result + String(character)).columns <= width else { break }
            result.append(character)
        }
        return result
    }
}
