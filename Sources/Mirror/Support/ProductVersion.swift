/// The version of this code.
public enum ProductVersion {
    /// The version that `gitlab-sync --version` prints and that servers see as the user agent.
    public static let current = "0.1.0"
}
