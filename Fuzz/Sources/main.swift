import Foundation
import Logging

// Fuzz TARGET [LIBFUZZER ARGUMENTS...]: gives one parser bytes of libFuzzer's making, until one makes it crash.
// `scripts/fuzz` builds and runs it. libFuzzer's driver is called by us, as SwiftPM renames an executable's `main`.

@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<Int32>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
    _ test: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32

/// Under the name that libFuzzer's own `main` asks for, which some linkers take in although ours is there.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzzOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    FuzzTarget.chosen.run(Array(UnsafeBufferPointer(start: bytes, count: count)))
    return 0
}

guard CommandLine.arguments.count > 1, let target = FuzzTarget(rawValue: CommandLine.arguments[1]) else {
    print(FuzzTarget.allCases.map(\.rawValue).joined(separator: "\n"))
    exit(64)
}
FuzzTarget.chosen = target
// A parser may warn of every line.
LoggingSystem.bootstrap { _ in SwiftLogNoOpLogHandler() }
let words = [CommandLine.arguments[0]] + CommandLine.arguments.dropFirst(2)
var count = Int32(words.count)
let list = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: words.count + 1)
for (index, word) in words.enumerated() { list[index] = strdup(word) }
list[words.count] = nil
var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = list
exit(runDriver(&count, &arguments, fuzzOneInput))
