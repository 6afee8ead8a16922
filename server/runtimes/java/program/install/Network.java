package io.dispatchframework.solo.install;

import java.io.IOException;
import java.io.InputStream;
import java.net.Authenticator;
import java.net.PasswordAuthentication;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Tells Java's own HTTP client of the proxy, of passwords, and which certificates to trust. */
final class Network {
    private Network() {}

    static void setUp(Repository repository, String proxy, Path certificates) throws IOException, GeneralSecurityException {
        URI through = proxy.isEmpty() ? null : URI.create(proxy);
        if (through != null) useProxy(through);
        Authenticator.setDefault(new Authenticator() {
            @Override
            protected PasswordAuthentication getPasswordAuthentication() {
                boolean isProxy = through != null && getRequestorType() == RequestorType.PROXY;
                String host = isProxy ? through.getHost() : repository.address().getHost();
                String userInfo = isProxy ? through.getUserInfo() : repository.userInfo();
                // A repository may send us on to another host.
                if (userInfo == null || !host.equalsIgnoreCase(getRequestingHost())) return null;
                String[] parts = userInfo.split(":", 2);
                return new PasswordAuthentication(parts[0], parts.length > 1 ? parts[1].toCharArray() : new char[0]);
            }
        });
        trust(certificates);
    }

    private static void useProxy(URI proxy) {
        // Otherwise no password is sent to a proxy on the way to an https address.
        System.setProperty("jdk.http.auth.tunneling.disabledSchemes", "");
        for (String scheme : new String[] {"http", "https"}) {
            System.setProperty(scheme + ".proxyHost", proxy.getHost());
            System.setProperty(scheme + ".proxyPort", String.valueOf(proxy.getPort() < 0 ? 80 : proxy.getPort()));
        }
    }

    private static void trust(Path certificates) throws IOException, GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(read(certificates));
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, factory.getTrustManagers(), null);
        SSLContext.setDefault(context);
    }

    private static KeyStore read(Path certificates) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        try (InputStream pem = Files.newInputStream(certificates)) {
            int number = 0;
            for (Certificate found : CertificateFactory.getInstance("X.509").generateCertificates(pem))
                store.setCertificateEntry("certificate-" + ++number, found);
        }
        return store;
    }
}
