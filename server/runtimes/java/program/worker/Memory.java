package io.dispatchframework.solo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Asks the kernel to end this process, rather than the one that can replace it, when the container's memory runs out. */
final class Memory {
    private Memory() {}

    static void dieFirst() {
        try {
            Files.writeString(Path.of("/proc/self/oom_score_adj"), "1000");
        } catch (IOException refused) {
            // Without it the kernel chooses by size, which mostly is this process too.
        }
    }
}
