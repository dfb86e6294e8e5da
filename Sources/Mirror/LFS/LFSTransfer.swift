/// Copies LFS objects of one repository from one server to another.
struct LFSTransfer: Sendable {
    let source: LFSServer
    let target: LFSServer

    /// Where objects are kept; nil if they are not.
    let folder: LFSFolder?

    /// How many objects of the whole run move at a time.
    let limit: CostLimit

    let retry: LFSRetry

    /// How many objects of one repository move at a time.
    private static let parallel = 4

    /// What became of some objects.
    struct Result: Sendable {
        var counts = LFSCounts()
        /// Those that are where they belong.
        var done: [LFSPointer] = []
        /// Those that the source does not have.
        var missing: [LFSPointer] = []
        /// Why the first of the others was not copied.
        var failure: LFSError?
    }

    private enum Fate: Sendable {
        case uploaded
        case present
        case missing
        case failed(LFSError)
    }

    /// Copies `pointers` which the target lacks, and in the mode `keep` stores those that the mirror lacks.
    ///
    /// - Throws: ``LFSError``, what a connection throws, or `CancellationError` if a server cannot be asked at all. One object's
    ///   failure stands in the result.
    func copy(_ pointers: [LFSPointer]) async throws -> Result {
        var result = Result()
        for batch in LFSServer.batches(of: pointers) { try await copy(batch: batch, &result) }
        return result
    }

    private func copy(batch pointers: [LFSPointer], _ result: inout Result) async throws {
        let uploads = try await retry.run(at: target) { _ in try await target.batch(.upload, pointers) }
        let wanted = pointers.filter { pointer in
            if let folder { return !folder.has(pointer) }
            if case .action = uploads[pointer] { return true }
            return false
        }
        var downloads: [LFSPointer: LFSAnswer] = [:]
        if !wanted.isEmpty {
            downloads = try await retry.run(at: source) { _ in try await source.batch(.download, wanted) }
        }
        let answers = downloads
        let fates = await mapConcurrently(pointers, limit: Self.parallel, cost: \.size) { pointer in
            await fate(of: pointer, upload: uploads[pointer], download: answers[pointer])
        }
        try Task.checkCancellation()
        for (pointer, (fate, isKept)) in zip(pointers, fates) {
            if isKept { result.counts.kept += 1 }
            switch fate {
            case .uploaded:
                result.counts.uploaded += 1
                result.counts.bytes += pointer.size
                result.done.append(pointer)
            case .present:
                result.counts.present += 1
                result.done.append(pointer)
            case .missing:
                result.counts.missing += 1
                result.missing.append(pointer)
            case .failed(let error):
                result.counts.failed += 1
                result.failure = result.failure ?? error
            }
        }
    }

    /// Copies one object.
    ///
    /// - Returns: What became of it, and whether it was stored.
    private func fate(
        of pointer: LFSPointer,
        upload: LFSAnswer?,
        download: LFSAnswer?
    ) async -> (Fate, isKept: Bool) {
        var isKept = false
        do {
            let fate = try await limit.run(cost: 1) {
                if let folder, !folder.has(pointer) {
                    guard try await keep(pointer, in: folder, upload: upload, download: download) else {
                        return Fate.missing
                    }
                    isKept = true
                }
                return try await send(pointer, upload: upload, download: download)
            }
            return (fate, isKept)
        } catch let error as LFSError {
            return (.failed(error), isKept)
        } catch {
            return (.failed(LFSError(.unreachable, "\(error)")), isKept)
        }
    }

    /// Stores an object in the mirror.
    ///
    /// - Returns: Whether anybody has it.
    private func keep(
        _ pointer: LFSPointer,
        in folder: LFSFolder,
        upload: LFSAnswer?,
        download: LFSAnswer?
    ) async throws -> Bool {
        var (server, answer) = (source, download)
        if case .missing = download {
            // What the source has lost may have come to the copy in better days.
            guard case .nothing = upload else { return false }
            (server, answer) = (target, nil)
        }
        return try await retry.run(at: server) { isRepeated in
            guard let action = try await action(.download, pointer, isRepeated ? nil : answer, on: server)
            else { return false }
            _ = try await folder.receive(pointer) { try await server.get(action, from: $0) }
            return true
        }
    }

    /// Brings an object to the target.
    private func send(_ pointer: LFSPointer, upload: LFSAnswer?, download: LFSAnswer?) async throws -> Fate {
        if case .nothing = upload { return .present }
        return try await retry.run(at: target) { isRepeated in
            // An upload whose answer was lost is found to be there.
            guard let action = try await action(.upload, pointer, isRepeated ? nil : upload, on: target)
            else {
                return .uploaded
            }
            if let folder {
                try await target.put(action, try folder.upload(pointer))
            } else {
                guard
                    let origin = try await self.action(
                        .download,
                        pointer,
                        isRepeated ? nil : download,
                        on: source
                    )
                else { return .missing }
                let pipe = LFSPipe(pointer, from: try await source.get(origin, from: 0))
                try await target.put(action, pipe.upload)
            }
            return .uploaded
        }
    }

    /// What is to be done with an object on a server, by its last word if that still holds.
    ///
    /// - Returns: Nil if nothing is to be uploaded, or nothing is there to be downloaded.
    private func action(
        _ operation: LFSOperation,
        _ pointer: LFSPointer,
        _ answer: LFSAnswer?,
        on server: LFSServer
    ) async throws -> LFSAction? {
        if let action = answer?.freshAction { return action }
        var answer = answer
        if case .action = answer { answer = nil }
        if answer == nil { answer = try await server.batch(operation, [pointer])[pointer] }
        switch answer {
        case .action(let action)?: return action
        case .refused(let error)?: throw error
        case .nothing?, .missing?, nil: return nil
        }
    }
}
