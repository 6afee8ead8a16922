package io.dispatchframework.solo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;

/** Goes the way of a function before there is one, so that loading it and its first calls find everything compiled. */
final class WarmUp {
    private static final int COMPILATIONS = 3;
    private static final int CALLS = 300;
    private static final int LIMIT_BYTES = 1 << 16;

    private WarmUp() {}

    /** @param isOver asked again and again: true ends it early */
    static void run(HandlerLoader loader, BooleanSupplier isOver) throws IOException {
        if (isOver.getAsBoolean()) return;
        Path directory = Files.createTempDirectory("warm-up");
        Path source = directory.resolve("Sample.java");
        Path socket = directory.resolve("socket");
        try (InputStream sample = WarmUp.class.getResourceAsStream("Sample.java")) {
            Files.copy(sample, source);
            Handler handler = null;
            for (int round = 0; round < COMPILATIONS && !isOver.getAsBoolean(); round += 1)
                handler = loader.load("", directory, null);
            if (isOver.getAsBoolean()) return;
            serve(handler, socket);
        } catch (LoadException broken) {
            throw new IllegalStateException(broken);
        } finally {
            for (Path made : new Path[] {source, socket, directory}) Files.deleteIfExists(made);
        }
        System.gc();
    }

    private static void serve(Handler handler, Path socket) throws IOException {
        Header load = Header.of("load").with("worker", 0);
        for (String limit : new String[] {"logBytes", "outputBytes", "pieceBytes", "recordedBytes"})
            load.with(limit, LIMIT_BYTES);
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            Thread.ofPlatform().start(() -> call(server));
            try (Connection connection = Connection.dial(socket.toString())) {
                new Worker(connection, handler, load).serve(() -> {});
            }
        }
    }

    /** The server's part. */
    private static void call(ServerSocketChannel server) {
        byte[] context = "{\"secrets\":{}}".getBytes(UTF_8);
        byte[] payload = "{\"name\":\"Jon\",\"n\":3}".getBytes(UTF_8);
        try (Connection worker = new Connection(server.accept())) {
            worker.read();
            for (int id = 0; id < CALLS; id += 1) {
                worker.send(Header.of("call").with("id", id), context, payload);
                worker.read();
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
