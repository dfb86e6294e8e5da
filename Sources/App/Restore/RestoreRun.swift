import Foundation
import Mirror

/// What `restore` does, from the settings to the output.
struct RestoreRun: Sendable {
    let options: RestoreOptions

    func perform(_ context: CommandSession.Context) async throws -> ExitStatus {
        let settings = try settings(context.resolver)
        let engine = RestoreEngine(settings: settings)
        let progress = ProgressLine(console: context.console)
        let isText = context.output.output == .text
        let onEvent: @Sendable (SyncEvent) -> Void = { event in
            if !context.output.isQuiet { progress.note(event) }
            guard isText, !options.dryRun, case .finished(let reports) = event else { return }
            for report in reports { context.console.print(ReportText.line(report)) }
        }
        defer { progress.end() }
        if let folder = options.toDir.map({ URL(filePath: $0, directoryHint: .isDirectory) }) {
            let format: RestoreFormat = options.bundle ? .bundles : .repositories
            if options.dryRun {
                let preview = try await engine.preview(into: folder, as: format, onEvent: onEvent)
                return try finish(preview, preview.report, context)
            }
            return try finish(nil, try await engine.run(into: folder, as: format, onEvent: onEvent), context)
        }
        let target = try context.resolver.restoreTarget()
        context.console.hide(Redactor([target.server.token] + target.network.proxies.secrets))
        return try await context.withTransport(target.network, target.timeout) { transport in
            if options.isDrill {
                let parent = try group("--into")
                let report = try await engine.drill(
                    below: parent,
                    on: target,
                    transport: transport,
                    onEvent: onEvent
                )
                return try finish(nil, report, context)
            }
            let group = try group("--into") ?? ""
            if options.dryRun {
                let preview = try await engine.preview(
                    into: group,
                    of: target,
                    transport: transport,
                    onEvent: onEvent
                )
                return try finish(preview, preview.report, context)
            }
            let report = try await engine.run(into: group, of: target, transport: transport, onEvent: onEvent)
            return try finish(nil, report, context)
        }
    }

    private func group(_ origin: String) throws -> String? {
        try options.into.map { try Values.groupPath(Setting(origin: origin, value: $0)) }
    }

    private func settings(_ resolver: SettingsResolver) throws -> RestoreSettings {
        var settings = try resolver.restoreSettings()
        settings.projects = try options.project.map {
            try Values.groupPath(Setting(origin: "--project", value: $0))
        }
        settings.moment = try options.at.map { try Values.moment(Setting(origin: "--at", value: $0)) }
        return settings
    }

    private func finish(
        _ preview: RunPreview?,
        _ report: RunReport,
        _ context: CommandSession.Context
    ) throws -> ExitStatus {
        let isDone = report.isEqual && (preview?.missingGroups.isEmpty ?? true)
        let status: ExitStatus = isDone ? .equal : .different
        if context.output.output == .json {
            let document = ResultJSON(
                result: status.name,
                run: context.run(status),
                projects: report.projects.map { ResultJSON.Project($0, isPreview: preview != nil) },
                errors: report.failures,
                guards: []
            )
            context.console.print(try document.text())
            return status
        }
        for failure in report.failures {
            context.console.log("gitlab-sync: \(failure.message)\n    next step: \(failure.hint)")
        }
        if let preview {
            let text = ReportText.preview(preview)
            if !text.isEmpty { context.console.print(text) }
        } else {
            context.console.print(ReportText.summary(report, duration: .seconds(context.seconds)))
        }
        return status
    }
}
