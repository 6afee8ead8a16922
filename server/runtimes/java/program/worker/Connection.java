package io.dispatchframework.solo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.List;

/** Speaks frames over a socket: u32 bytes that follow, u32 bytes of the header, the header as JSON, the parts as they are. */
final class Connection implements Closeable {
    private final SocketChannel channel;
    private final ByteBuffer received = ByteBuffer.allocateDirect(1 << 16).flip();

    Connection(SocketChannel channel) {
        this.channel = channel;
    }

    static Connection dial(String path) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(path));
        return new Connection(channel);
    }

    void send(Header header, byte[]... parts) throws IOException {
        byte[] text = header.withParts(parts).toString().getBytes(UTF_8);
        int length = Integer.BYTES + text.length;
        for (byte[] part : parts) length += part.length;
        ByteBuffer frame = ByteBuffer.allocate(Integer.BYTES + length).putInt(length).putInt(text.length).put(text);
        for (byte[] part : parts) frame.put(part);
        frame.flip();
        while (frame.hasRemaining()) channel.write(frame);
    }

    /** Whether something has come that was not read yet. */
    boolean hasInput() {
        try {
            channel.configureBlocking(false);
            if (!received.hasRemaining()) receive();
            channel.configureBlocking(true);
            return received.hasRemaining();
        } catch (IOException hungUp) {
            return true;
        }
    }

    /** Waits for the next one; null when the other side has hung up. */
    Frame read() throws IOException {
        byte[] start;
        try {
            start = take(Integer.BYTES);
        } catch (EOFException hungUp) {
            return null;
        }
        ByteBuffer body = ByteBuffer.wrap(take(ByteBuffer.wrap(start).getInt()));
        Header header = Header.parse(new String(next(body, body.getInt()), UTF_8));
        List<byte[]> parts = header.parts().mapToObj(bytes -> next(body, bytes)).toList();
        return new Frame(header, parts);
    }

    private static byte[] next(ByteBuffer body, int bytes) {
        byte[] part = new byte[bytes];
        body.get(part);
        return part;
    }

    private byte[] take(int bytes) throws IOException {
        byte[] taken = new byte[bytes];
        for (int at = 0; at < bytes; ) {
            if (!received.hasRemaining()) receive();
            int piece = Math.min(bytes - at, received.remaining());
            received.get(taken, at, piece);
            at += piece;
        }
        return taken;
    }

    private void receive() throws IOException {
        received.clear();
        int bytes = channel.read(received);
        received.flip();
        if (bytes < 0) throw new EOFException();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
