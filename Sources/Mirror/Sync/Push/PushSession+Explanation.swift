extension PushSession {
    /// Why `missing` changes did not happen, in the server's words.
    func explanation(for missing: [RefChange]) -> SyncFailure {
        let listed = missing.listed(upTo: 5, separator: "; ") { change in
            let reason = refusals[change.name]?.message ?? "not as it was pushed"
            return "'\(change.name.rawValue.escapedForDisplay)': \(reason)"
        }
        let words = serverText.isEmpty || listed.contains(serverText) ? "" : " (\(serverText))"
        // What is known by name says more than that something was refused; what a person asked for says least.
        let known = missing.compactMap { refusals[$0.name] }
        let telling = known.filter { $0.code != PushRefusal.rewriteBlocked.code }
        let refusal: PushRefusal
        if telling.isEmpty, known.count == missing.count, let blocked = known.first {
            refusal = blocked
        } else {
            refusal =
                telling.first { $0.code != PushRefusal.generalCode } ?? PushRefusal("", words: serverText)
        }
        return SyncFailure(code: refusal.code, message: listed + words, hint: refusal.hint)
    }
}
