/// Compares the refs of a source with those of its copy and its mirror.
///
/// A pure function of three listings.
struct RefComparison {
    /// The refs of the source.
    let source: RefListing

    /// The refs of the copy; nil if there is none.
    let target: RefListing?

    /// The refs of the mirror, archived ones too; nil if there is none.
    let mirror: RefListing?

    /// How the repository is mirrored.
    let rules: MirrorRules

    /// The archived refs that must be in the mirror and on the target: a run noted that it kept a tip there.
    let kept: Set<RefName>

    private var wanted: [RefName: ObjectID] { source.mirrored(where: rules.branches.includes) }

    /// Whether there is nothing on either side.
    var isEmpty: Bool {
        wanted.isEmpty && (target?.mirrored(where: rules.branches.includes) ?? [:]).isEmpty
    }

    /// The branch that both sides must have as HEAD.
    var head: RefName? {
        guard let head = source.head, head.isBranch, wanted[head] != nil else { return nil }
        return head
    }

    /// What is not as it should be.
    ///
    /// - Parameter expectsMirror: Whether a mirror that is missing is something wrong.
    /// - Returns: A line for each such ref.
    func lines(expectsMirror: Bool) -> [VerifiedLine] {
        var lines = lines(.target, target ?? RefListing(), deletes: rules.prune == .archive)
        if let mirror {
            lines += self.lines(.mirror, mirror, deletes: true)
        } else if expectsMirror {
            lines += self.lines(.mirror, RefListing(), deletes: true)
        }
        return lines + archiveLines
    }

    private func lines(_ place: VerifiedLine.Place, _ listing: RefListing, deletes: Bool) -> [VerifiedLine] {
        let wanted = wanted
        let found = listing.mirrored(where: rules.branches.includes)
        var lines = RefChange.changes(from: found, to: wanted).compactMap { change -> VerifiedLine? in
            if change.new == nil, !deletes { return nil }
            return VerifiedLine(
                place,
                ref: change.name.rawValue,
                expected: change.new?.description,
                found: change.old?.description
            )
        }
        if let head, !found.isEmpty,
            let line = VerifiedLine(
                place,
                ref: "HEAD",
                expected: head.rawValue,
                found: listing.defaultBranch?.rawValue
            )
        {
            lines.append(line)
        }
        return lines
    }

    private var archived: (mirror: [RefName: ObjectID], target: [RefName: ObjectID]) {
        let own = mirror?.refs.filter { $0.key.isArchived } ?? [:]
        return (own, target?.refs.filter { $0.key.isArchived } ?? [:])
    }

    /// A tip that a run kept must be in both places, or in neither if it was dropped; one that is in both is the same.
    private var archiveLines: [VerifiedLine] {
        guard mirror != nil, target != nil else { return [] }
        let (own, others) = archived
        return Set(own.keys).union(others.keys).sorted().compactMap { name in
            let (expected, found) = (own[name], others[name])
            guard kept.contains(name) || (expected != nil && found != nil) else { return nil }
            return VerifiedLine(
                .archive,
                ref: name.rawValue,
                expected: expected?.description,
                found: found?.description
            )
        }
    }

    /// Where the old tips are.
    var archives: VerifiedRepository.Archives {
        let (own, others) = archived
        var archives = VerifiedRepository.Archives()
        archives.both = own.keys.count { others[$0] != nil }
        archives.mirrorOnly = own.count - archives.both
        archives.targetOnly = others.count - archives.both
        return archives
    }

    /// The digests of what is mirrored.
    var digests: VerifiedRepository.Digests {
        let digest = { (listing: RefListing) in
            RefDigest.hex(listing.mirrored(where: rules.branches.includes))
        }
        return VerifiedRepository.Digests(
            source: digest(source),
            target: target.map(digest),
            mirror: mirror.map(digest)
        )
    }
}

extension RefListing {
    /// The branch that GitLab shows: HEAD's, else `main`, `master` or the first one.
    ///
    /// So Gitaly finds it (`GetDefaultBranch`); of a wiki nothing but a push can change it.
    var defaultBranch: RefName? {
        let names = [head, .branch("main"), .branch("master")].compactMap(\.self)
        return names.first { refs[$0] != nil } ?? refs.keys.filter(\.isBranch).min()
    }
}
