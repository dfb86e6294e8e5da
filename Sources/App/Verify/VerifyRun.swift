import Foundation
import Mirror

/// What `verify` does, from the settings to the output.
struct VerifyRun: Sendable {
    let isDeep: Bool
    let proof: String?
    let html: String?

    func perform(_ context: CommandSession.Context) async throws -> ExitStatus {
        let console = context.console
        let settings = try context.resolver.settings()
        console.hide(Redactor(settings.secrets))
        let progress = ProgressLine(console: console)
        let report = try await context.withTransport(settings) { transport in
            defer { progress.end() }
            return try await SyncEngine(settings: settings, transport: transport).verify(isDeep: isDeep) {
                if !context.output.isQuiet { progress.note($0) }
            }
        }
        let status: ExitStatus = report.isEqual ? .equal : .different
        let hash = try proof.map {
            try ProofFile(path: $0).append(report, isDeep: isDeep, settings: settings, at: context.start)
        }
        if let html {
            let page = VerifyHTML(report, settings: settings, start: context.start, proof: hash)
            try write(page.text, to: html)
        }
        if context.output.output == .json {
            console.print(
                try VerifyJSON(report, run: context.run(status), status: status, proof: hash).text()
            )
        } else {
            console.print(VerifyText.report(report, seconds: context.seconds, proof: hash))
        }
        return status
    }

    private func write(_ text: String, to path: String) throws {
        do {
            try Data(text.utf8).write(to: URL(filePath: path), options: .atomic)
        } catch {
            throw ConfigurationError(
                "the page '\(path.escapedForDisplay)' cannot be written: \(error.localizedDescription)",
                hint: "give --html a place that this user may write"
            )
        }
    }
}

/// What `verify --check-proofs` does.
struct ProofCheckRun: Sendable {
    let path: String

    func perform(_ context: CommandSession.Context) throws -> ExitStatus {
        let chain: ProofCheck
        do {
            chain = try ProofCheck(path: path)
        } catch {
            throw ConfigurationError(
                "the proof file '\(path.escapedForDisplay)' cannot be read: \(error.localizedDescription)",
                hint: "check the path that --check-proofs names"
            )
        }
        let status: ExitStatus = chain.isWhole ? .equal : .different
        if context.output.output == .json {
            context.console.print(try ProofCheckJSON(chain, path: path, run: context.run(status)).text())
        } else {
            context.console.print(VerifyText.proofs(chain, path: path))
        }
        return status
    }
}
