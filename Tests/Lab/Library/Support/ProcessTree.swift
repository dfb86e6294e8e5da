import Foundation
import Glibc

/// The processes below one that the lab started.
///
/// A process is known by id and start time, so that an id that was given to somebody else is never signalled.
struct ProcessTree {
    struct Member: Hashable {
        let id: pid_t
        let startTime: String
    }

    /// A process and everything below it, the process first.
    static func members(of root: pid_t) -> [Member] {
        var children: [pid_t: [pid_t]] = [:]
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        var members: [pid_t: Member] = [:]
        for id in names.compactMap({ pid_t($0) }) {
            guard let (parent, startTime) = facts(of: id) else { continue }
            children[parent, default: []].append(id)
            members[id] = Member(id: id, startTime: startTime)
        }
        var found: [Member] = []
        var next = [root]
        while let id = next.popLast() {
            if let member = members[id] { found.append(member) }
            next += children[id] ?? []
        }
        return found
    }

    static func isAlive(_ member: Member) -> Bool { facts(of: member.id)?.startTime == member.startTime }

    static func signal(_ member: Member, _ signal: Int32) {
        if isAlive(member) { kill(member.id, signal) }
    }

    /// Parent and start time; nothing for a process that ended, also if nobody has waited for it yet.
    private static func facts(of id: pid_t) -> (parent: pid_t, startTime: String)? {
        guard let text = try? String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8) else { return nil }
        // The name in parentheses may hold spaces; after it come state, parent, and 17 fields on the start time.
        guard let end = text.lastIndex(of: ")") else { return nil }
        let fields = text[end...].dropFirst(2).split(separator: " ")
        guard fields.count > 19, fields[0] != "Z", let parent = pid_t(fields[1]) else { return nil }
        return (parent, String(fields[19]))
    }
}
