package io.dispatchframework.solo;

import java.io.Closeable;
import java.io.IOException;

/** Answers one call at a time over its own connection, until the server hangs up. */
final class Worker {
    private final Connection connection;
    private final Handler handler;
    private final Header load;
    private final Capture capture = new Capture();

    /** `load` says who it is, and the limits of its calls. */
    Worker(Connection connection, Handler handler, Header load) throws IOException {
        this.connection = connection;
        this.handler = handler;
        this.load = load;
    }

    /** @param launcher closed once the server knows of this worker: the function gets no line to it. */
    void serve(Closeable launcher) throws IOException {
        connection.send(Header.of("ready").with("worker", load.number("worker")).with("calls", 1));
        launcher.close();
        for (Frame frame = connection.read(); frame != null; frame = connection.read()) {
            // What threads printed between two calls belongs to neither.
            capture.discard();
            Header call = frame.header();
            int id = call.number("id");
            Sender sender = call.says("stream") ? new Sender(connection, id) : null;
            Outcome outcome = new Call(handler, load, sender).run(frame.parts());
            byte[][] printed = capture.take(load.number("logBytes"));
            connection.send(outcome.header(id), outcome.output(), printed[0], printed[1]);
        }
    }
}
