import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;

/** Writes Debian's trusted certificates as Java's own key store reads them: `TrustStore TARGET CERTIFICATE...`. */
final class TrustStore {
    private TrustStore() {}

    public static void main(String[] arguments) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        for (int at = 1; at < arguments.length; at += 1) {
            Path certificate = Path.of(arguments[at]);
            try (InputStream pem = Files.newInputStream(certificate)) {
                String name = certificate.getFileName().toString();
                store.setCertificateEntry(name, CertificateFactory.getInstance("X.509").generateCertificate(pem));
            }
        }
        Files.createDirectories(Path.of(arguments[0]).getParent());
        try (OutputStream target = Files.newOutputStream(Path.of(arguments[0]))) {
            store.store(target, null);
        }
    }
}
