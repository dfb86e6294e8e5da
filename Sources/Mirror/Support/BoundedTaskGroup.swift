/// Runs `operation` on every element, at most `limit` at the same time.
///
/// The tasks are children of the caller: its cancellation reaches all of them. An element's failure is expected to be
/// a value in its result, so that it never stops the others.
///
/// - Parameters:
///   - elements: What to work on.
///   - limit: How many operations run at a time. Must be greater than zero.
///   - cost: Those with the highest are started first, so that none of them is still at work when all others are done;
///     elements of the same cost are started in their order.
///   - operation: The work on one element.
/// - Returns: The results in the order of `elements`.
func mapConcurrently<Element: Sendable, Result: Sendable>(
    _ elements: [Element],
    limit: Int,
    cost: (Element) -> Int = { _ in 0 },
    operation: @escaping @Sendable (Element) async -> Result
) async -> [Result] {
    precondition(limit > 0, "a limit of \(limit) would never run anything")
    let costs = elements.map(cost)
    let order = elements.indices.sorted { (costs[$1], $0) < (costs[$0], $1) }
    return await withTaskGroup(of: (index: Int, result: Result).self) { group in
        var results = [Result?](repeating: nil, count: elements.count)
        for (position, index) in order.enumerated() {
            if position >= limit, let finished = await group.next() {
                results[finished.index] = finished.result
            }
            group.addTask { (index, await operation(elements[index])) }
        }
        for await finished in group {
            results[finished.index] = finished.result
        }
        return results.compactMap(\.self)
    }
}
