import CLibGit2

/// A kind of libgit2 object, with the function that frees it.
protocol HandleKind {
    static func free(_ pointer: OpaquePointer)
}

enum RepositoryKind: HandleKind {
    static func free(_ pointer: OpaquePointer) { git_repository_free(pointer) }
}

enum ObjectKind: HandleKind {
    static func free(_ pointer: OpaquePointer) { git_object_free(pointer) }
}

enum PackBuilderKind: HandleKind {
    static func free(_ pointer: OpaquePointer) { git_packbuilder_free(pointer) }
}

enum DatabaseObjectKind: HandleKind {
    static func free(_ pointer: OpaquePointer) { git_odb_object_free(pointer) }
}

enum ReferenceKind: HandleKind {
    static func free(_ pointer: OpaquePointer) { git_reference_free(pointer) }
}

enum ReferenceIteratorKind: HandleKind {
    static func free(_ pointer: OpaquePointer) { git_reference_iterator_free(pointer) }
}

enum ObjectDatabaseKind: HandleKind {
    static func free(_ pointer: OpaquePointer) { git_odb_free(pointer) }
}

/// Sole ownership of one libgit2 object, freed when this value goes out of scope.
struct Handle<Kind: HandleKind>: ~Copyable {
    let pointer: OpaquePointer

    /// Owns what `create` stores, or throws what the call left behind.
    init(_ function: StaticString, create: (inout OpaquePointer?) -> Int32) throws(GitError) {
        var pointer: OpaquePointer?
        try check(function) { create(&pointer) }
        guard let pointer else { preconditionFailure("\(function) succeeded without a result") }
        self.pointer = pointer
    }

    deinit {
        Kind.free(pointer)
    }
}
