public import Foundation

/// Lengths of time for people.
public enum Age {
    /// `seconds` in its largest fitting unit: `45 s`, `12 min`, `26 h`, `9 days`.
    public static func text(_ seconds: TimeInterval) -> String {
        let seconds = max(0, seconds)
        return switch seconds {
        case ..<100: "\(Int(seconds)) s"
        case ..<6000: "\(Int(seconds / 60)) min"
        case ..<(100 * 3600): "\(Int(seconds / 3600)) h"
        default: "\(Int(seconds / 86_400)) days"
        }
    }
}
