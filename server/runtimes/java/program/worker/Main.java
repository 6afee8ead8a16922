package io.dispatchframework.solo;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** Starts one worker: warms itself up, is told its function by the launcher, then answers calls until the server hangs up. */
final class Main {
    private Main() {}

    public static void main(String[] arguments) throws IOException {
        Map<String, String> environment = System.getenv();
        Memory.dieFirst();
        HandlerLoader loader = new HandlerLoader(Path.of("/usr/share/dispatch/java/lib"));
        String place = environment.get("DISPATCH_LAUNCHER");
        // Without one it is the image's build, which wants to know the classes of all this.
        if (place == null) {
            WarmUp.run(loader, () -> false);
            return;
        }
        try (Connection launcher = Connection.dial(place)) {
            // Who is told its function by now is waited for, and would be warm too late.
            warmUp(loader, launcher);
            launcher.send(Header.of("started"));
            Frame load = launcher.read();
            if (load == null) return;
            Handler handler = loadOrSay(loader, load.header(), Path.of(environment.get("DISPATCH_FUNCTION")), launcher);
            Connection engine = Connection.dial(environment.get("DISPATCH_ENGINE"));
            new Worker(engine, handler, load.header()).serve(launcher);
        } finally {
            // What the function has started, threads and hooks, ends with its worker.
            Runtime.getRuntime().halt(0);
        }
    }

    /** A function may have left no room in /tmp: its worker is cold then. */
    private static void warmUp(HandlerLoader loader, Connection launcher) {
        try {
            WarmUp.run(loader, launcher::hasInput);
        } catch (IOException refused) {
            // Its first calls take longer.
        }
    }

    /** Does not return when the code is at fault. */
    private static Handler loadOrSay(HandlerLoader loader, Header load, Path directory, Connection launcher)
            throws IOException {
        try {
            return loader.load(load.text("handler"), directory, new CompiledClasses(Path.of("/tmp/dispatch-classes")));
        } catch (LoadException refused) {
            launcher.send(Header.of("load-failed").with("message", refused.getMessage()));
            Runtime.getRuntime().halt(1);
            throw new IllegalStateException("halted", refused);
        }
    }
}
