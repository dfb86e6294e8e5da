// Pushes that rules for protected branches would refuse.
extension RepositorySync {
    /// Pushes `changes`, with the rules for protected branches open for those that need it and for as long as they take.
    ///
    /// What a rule keeps from being made, and what may not be opened, is pushed by itself: the server's word counts, and it holds
    /// nothing else back.
    func deliver(_ changes: [RefChange], push: inout PushSession) async throws {
        let forwards = push.fastForwards
        let losing = changes.filter {
            $0.name.isBranch && $0.old != nil && !($0.new != nil && forwards.contains($0.name))
        }
        guard let protection, !losing.isEmpty else { return try await push.send(changes) }
        let plan = try await protection.plan(losing)
        if plan.opening.isEmpty, plan.blocked.isEmpty {
            try await push.send(changes)
        } else {
            let apart = Set(plan.opening.map(\.change) + plan.blocked.map(\.change))
            let deletions = plan.opening.filter { $0.change.new == nil }
            // Deletions first: some make room for what follows.
            try await send(deletions, through: protection, push: &push)
            try await push.send(changes.filter { !apart.contains($0) })
            try await send(plan.opening.filter { $0.change.new != nil }, through: protection, push: &push)
            try await send(plan.blocked, push: &push)
        }
        try await sendAgain(plan.free, past: protection, push: &push)
    }

    /// Pushes once more what a rule refused that was not there, or not to be seen, when we asked: GitLab protects in the background.
    private func sendAgain(
        _ changes: [RefChange],
        past protection: ProtectionGate,
        push: inout PushSession
    ) async throws {
        // What was opened or blocked before has its answer already.
        let refused = changes.filter { push.refusals[$0.name]?.isOfARuleThatCanBeOpened == true }
        guard !refused.isEmpty else { return }
        let plan = try await protection.plan(refused)
        try await send(plan.opening, through: protection, push: &push)
        for (change, refusal) in plan.blocked {
            let verdict = push.refusals[change.name]
            push.leaveAlone([change], because: verdict.map(refusal.confirmed) ?? refusal)
        }
    }

    private func send(
        _ needs: [(change: RefChange, needs: [ProtectionPlan.Opening])],
        through protection: ProtectionGate,
        push: inout PushSession
    ) async throws {
        guard !needs.isEmpty else { return }
        let (unopened, pushed) = try await protection.withOpen(needs) { [push] changes in
            var push = push
            try await push.send(changes)
            return push
        }
        if let pushed { push = pushed }
        try await send(unopened, push: &push)
    }

    private func send(
        _ blocked: [(change: RefChange, refusal: PushRefusal)],
        push: inout PushSession
    ) async throws {
        guard !blocked.isEmpty else { return }
        try await push.send(blocked.map(\.change))
        for (change, refusal) in blocked {
            guard let verdict = push.refusals[change.name] else { continue }
            push.leaveAlone([change], because: refusal.confirmed(by: verdict))
        }
    }
}
