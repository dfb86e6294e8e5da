import Foundation
import Testing

@testable import Mirror

/// The page of the error codes, beside the sources.
struct ErrorPageTests {
    private struct Row {
        let code: String
        let cause: String
        let fix: String
    }

    private let codes: ErrorCodes
    private let page: String

    init() throws {
        codes = try ErrorCodes()
        page = try ProjectFiles.text(of: "docs/errors.md")
    }

    /// The rows of all tables of a chapter.
    private func rows(of chapter: String) throws -> [Row] {
        let chapters = page.split(separator: "\n## ")
        let text = try #require(chapters.first { $0.hasPrefix(chapter + "\n") })
        return try text.split(separator: "\n").filter { $0.hasPrefix("| `") }.map { line in
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            try #require(cells.count == 3, "\(line)")
            return Row(code: cells[0].replacing("`", with: ""), cause: cells[1], fix: cells[2])
        }
    }

    private func expect(_ chapter: String, toHave codes: Set<String>) throws {
        let rows = try rows(of: chapter)
        let named = Set(rows.map(\.code))

        #expect(codes.subtracting(named).sorted() == [], "codes without a row")
        #expect(named.subtracting(codes).sorted() == [], "rows without a code")
        #expect(rows.count == named.count)
        for row in rows {
            #expect(row.code.wholeMatch(of: /[a-z0-9]+(-[a-z0-9]+)*/) != nil, "\(row.code)")
            #expect(row.cause.count > 10 && row.fix.count >= 5, "\(row.code)")
        }
    }

    @Test func everyFailureHasARowAndEveryRowAFailure() throws {
        #expect(codes.failures.count > 90)
        #expect(codes.unreadable.isEmpty)
        try expect("Failures and notes", toHave: codes.failures)
    }

    @Test func everyFindingOfDoctorHasARow() throws {
        #expect(codes.findings.count > 20)
        try expect("Findings of doctor", toHave: codes.findings)
    }

    @Test func everyWarningOfTheLogHasARow() throws {
        #expect(codes.logs.count > 20)
        try expect("Warnings and errors of the log", toHave: codes.logs)
    }

    /// What the errors that are lists say to do, none of it empty and none of it a bare "failed".
    @Test func everyErrorSaysTheNextStep() {
        let gitLab: [GitLabError.Code] = [
            .unauthorized, .insufficientScope, .forbidden, .readOnly, .notFound, .taken, .stillBeingDeleted,
            .refused, .rateLimited, .serverFailure, .unreachable, .redirected, .listingIncomplete, .notGitLab,
        ]
        let git: [GitError.Code] = [
            .notFound, .closedByServer, .protocolViolation, .unsupportedRepository, .unsupportedObjectFormat,
            .changedMeanwhile, .rateLimited, .cutOff, .notInPacks, .failed,
        ]
        let errors: [any Error] =
            gitLab.map { GitLabError($0, request: "GET /x", server: "https://a.example", message: "words") }
            + git.map { GitError($0, "words") } + LFSError.Code.allCases.map { LFSError($0, "words") }
            + [ConnectionError(.other, "words"), CancellationError(), POSIXError(.EIO)]

        for failure in errors.map(SyncFailure.init(describing:)) {
            #expect(failure.message.lowercased() != "failed" && failure.message.count >= 5, "\(failure.code)")
            #expect(failure.hint.split(separator: " ").count >= 4, "\(failure.code): \(failure.hint)")
        }
    }
}
