package io.dispatchframework.solo.install;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.text.ParseException;
import java.util.Map;
import org.apache.ivy.util.Message;

/** Fetches what a pom.xml depends on: `Main POM TARGET_FOLDER WORK_FOLDER`. */
final class Main {
    private static final String CENTRAL = "https://repo1.maven.org/maven2/";

    private Main() {}

    /** CERTIFICATES (a PEM file), MAVEN_REPOSITORY and PROXY (both may be empty) are in the environment, for what they hold is secret. */
    public static void main(String[] arguments) throws IOException, GeneralSecurityException {
        Map<String, String> environment = System.getenv();
        String given = environment.getOrDefault("MAVEN_REPOSITORY", "");
        Repository repository = Repository.parse(given.isEmpty() ? CENTRAL : given);
        Network.setUp(repository, environment.getOrDefault("PROXY", ""), Path.of(environment.get("CERTIFICATES")));
        Message.setDefaultLogger(new Problems());
        Libraries libraries = new Libraries(repository, new File(arguments[1]), new File(arguments[2]));
        System.exit(installOrSay(libraries, new File(arguments[0])) ? 0 : 1);
    }

    private static boolean installOrSay(Libraries libraries, File pom) throws IOException {
        try {
            return libraries.install(pom);
        } catch (ParseException unreadable) {
            System.err.println(pom.getName() + " cannot be read: " + unreadable.getMessage());
            return false;
        }
    }
}
