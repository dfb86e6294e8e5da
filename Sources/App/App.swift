import ArgumentParser
import Mirror

@main
struct App: AsyncParsableCommand {
    func run() async throws {}
}
