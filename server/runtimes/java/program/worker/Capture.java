package io.dispatchframework.solo;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this process and its child processes print: the nameless files that the launcher has put behind descriptors 1 and 2. */
final class Capture {
    /** A bit of the file's mode: the launcher is cutting the file, which may become longer again. */
    private static final int BEING_CUT = 0100;

    private final Stream stdout = new Stream(1);
    private final Stream stderr = new Stream(2);

    Capture() throws IOException {}

    void discard() throws IOException {
        stdout.empty();
        stderr.empty();
    }

    /** What was printed since the last time: of each stream one byte more than the limit at most, so that the excess is seen. */
    byte[][] take(int limitBytes) throws IOException {
        System.out.flush();
        System.err.flush();
        return new byte[][] {stdout.take(limitBytes + 1), stderr.take(limitBytes + 1)};
    }

    private static final class Stream {
        private static final byte[] NOTHING = {};
        private final Path path;
        private final RandomAccessFile file;
        private final FileChannel channel;

        Stream(int descriptor) throws IOException {
            path = Path.of("/proc/self/fd/" + descriptor);
            file = new RandomAccessFile(path.toFile(), "rw");
            channel = file.getChannel();
        }

        byte[] take(int limitBytes) throws IOException {
            long bytes = channel.size();
            if (bytes == 0) return NOTHING;
            byte[] printed = new byte[(int) Math.min(bytes, limitBytes)];
            file.seek(0);
            file.readFully(printed);
            empty();
            return printed;
        }

        void empty() throws IOException {
            if (channel.size() == 0) return;
            do file.setLength(0);
            while (((int) Files.getAttribute(path, "unix:mode") & BEING_CUT) != 0);
        }
    }
}
