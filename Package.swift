// swift-tools-version: 6.2

import PackageDescription

let swiftSettings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

let package = Package(
    name: "gitlab-sync",
    products: [
        .library(name: "Mirror", targets: ["Mirror"]),
        .executable(name: "gitlab-sync", targets: ["App"]),
        .executable(name: "gitlab-lab", targets: ["LabCommand"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    ],
    targets: [
        .systemLibrary(name: "CLibGit2", pkgConfig: "libgit2", providers: [.apt(["libgit2-dev"])]),
        .systemLibrary(name: "CLibSSH2", pkgConfig: "libssh2", providers: [.apt(["libssh2-1-dev"])]),
        .target(
            name: "Mirror",
            dependencies: [
                "CLibGit2",
                "CLibSSH2",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "HeapModule", package: "swift-collections"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            swiftSettings: swiftSettings
        ),
        .executableTarget(
            name: "App",
            dependencies: [
                "Mirror",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: swiftSettings
        ),
        .target(
            name: "Lab",
            dependencies: [
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            path: "Tests/Lab/Library",
            swiftSettings: swiftSettings
        ),
        .executableTarget(
            name: "LabCommand",
            dependencies: [
                "Lab",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Tests/Lab/Command",
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "MirrorTests",
            dependencies: ["Mirror", "Lab", .product(name: "GRDB", package: "GRDB.swift")],
            swiftSettings: swiftSettings
        ),
        .testTarget(name: "AppTests", dependencies: ["App", "Lab"], swiftSettings: swiftSettings),
    ]
)

// Only for scripts/fuzz: no other build needs libFuzzer, and a package of its own would have no access to the parsers.
// What the library depends on is not made for libFuzzer, so that it need not be built again.
if Context.environment["GITLAB_SYNC_FUZZ"] != nil {
    let fuzzerSettings = [SwiftSetting.unsafeFlags(["-O", "-enable-testing", "-sanitize=fuzzer"])]
    for target in package.targets where target.name == "Mirror" { target.swiftSettings? += fuzzerSettings }
    package.targets.append(
        .executableTarget(
            name: "Fuzz",
            dependencies: ["Mirror", .product(name: "Logging", package: "swift-log")],
            path: "Fuzz/Sources",
            swiftSettings: swiftSettings + fuzzerSettings,
            linkerSettings: [
                .linkedLibrary("stdc++"), .unsafeFlags(["-sanitize=fuzzer", "-use-ld=lld"]),
            ]
        )
    )
}
