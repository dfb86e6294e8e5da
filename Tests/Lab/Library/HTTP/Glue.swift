import NIOCore

/// Gives what one channel reads to another to write; each side reads only as fast as the other one writes.
///
/// `@unchecked Sendable`: both channels of a pair are on one event loop, and only that uses them.
final class Glue: ChannelDuplexHandler, @unchecked Sendable {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private weak var partner: Glue?
    private var context: ChannelHandlerContext?
    private var isReadPending = false

    /// Two ends that belong together.
    static func pair() -> (Glue, Glue) {
        let (first, second) = (Glue(), Glue())
        first.partner = second
        second.partner = first
        return (first, second)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        partner?.becameWritable()
    }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        partner?.context?.write(data, promise: nil)
    }

    func channelReadComplete(context: ChannelHandlerContext) { partner?.context?.flush() }

    func channelInactive(context: ChannelHandlerContext) { partner?.context?.close(promise: nil) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { partner?.becameWritable() }
    }

    func read(context: ChannelHandlerContext) {
        if let partner, partner.context?.channel.isWritable == true {
            context.read()
        } else {
            isReadPending = true
        }
    }

    private func becameWritable() {
        guard isReadPending else { return }
        isReadPending = false
        context?.read()
    }
}
