/// What goes wrong on the way to an SSH server: one of the kinds of ``ConnectionError``.
public typealias SSHError = ConnectionError
