package io.dispatchframework.solo.install;

import java.util.HashSet;
import java.util.Set;
import org.apache.ivy.util.DefaultMessageLogger;

/** Prints what goes wrong with servers, and nothing else of what Ivy says: Libraries tells what is missing. */
final class Problems extends DefaultMessageLogger {
    private static final int NOTHING = -1;
    private final Set<String> told = new HashSet<>();

    Problems() {
        super(NOTHING);
    }

    /** A name that DNS does not know is no error to Ivy; it comes again with each address. */
    @Override
    public void warn(String text) {
        if (text.startsWith("Host ")) error(text.replaceFirst(" url=.*", ""));
    }

    @Override
    public void error(String text) {
        if (told.add(text)) System.err.println(text);
    }
}
