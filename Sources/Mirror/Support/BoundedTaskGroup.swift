/// Runs `operation` on every element, at most `limit` at the same time.
///
/// The tasks are children of the caller: its cancellation reaches all of them. An element's failure is expected to be
/// a value in its result, so that it never stops the others.
///
/// - Parameters:
///   - elements: What to work on; they are started in this order.
///   - limit: How many operations run at a time. Must be greater than zero.
///   - operation: The work on one element.
/// - Returns: The results in the order of `elements`.
func mapConcurrently<Element: Sendable, Result: Sendable>(
    _ elements: [Element],
    limit: Int,
    operation: @escaping @Sendable (Element) async -> Result
) async -> [Result] {
    precondition(limit > 0, "a limit of \(limit) would never run anything")
    return await withTaskGroup(of: (index: Int, result: Result).self) { group in
        var results = [Result?](repeating: nil, count: elements.count)
        for (index, element) in elements.enumerated() {
            if index >= limit, let finished = await group.next() {
                results[finished.index] = finished.result
            }
            group.addTask { (index, await operation(element)) }
        }
        for await finished in group {
            results[finished.index] = finished.result
        }
        return results.compactMap(\.self)
    }
}
