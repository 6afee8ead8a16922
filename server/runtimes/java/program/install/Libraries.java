package io.dispatchframework.solo.install;

import java.io.File;
import java.io.IOException;
import java.text.ParseException;
import java.util.Arrays;
import org.apache.ivy.Ivy;
import org.apache.ivy.core.module.id.ModuleRevisionId;
import org.apache.ivy.core.report.ResolveReport;
import org.apache.ivy.core.resolve.IvyNode;
import org.apache.ivy.core.resolve.ResolveOptions;
import org.apache.ivy.core.retrieve.RetrieveOptions;
import org.apache.ivy.core.settings.IvySettings;
import org.apache.ivy.plugins.resolver.IBiblioResolver;

/** Fetches the libraries that a pom.xml names, with those that they need, by Ivy. */
final class Libraries {
    private static final String[] SCOPES = {"compile", "runtime"};
    private static final String NAME = "[organisation].[artifact]-[revision](-[classifier]).[ext]";

    private final Repository repository;
    private final File target;
    private final Ivy ivy;

    Libraries(Repository repository, File target, File work) {
        this.repository = repository;
        this.target = target;
        IBiblioResolver maven = new IBiblioResolver();
        maven.setName("maven");
        maven.setRoot(repository.address().toString());
        maven.setM2compatible(true);
        IvySettings settings = new IvySettings();
        settings.setDefaultCache(new File(work, "cache"));
        settings.addResolver(maven);
        settings.setDefaultResolver(maven.getName());
        ivy = Ivy.newInstance(settings);
    }

    /** False: something was not found, and what that is has been printed. */
    boolean install(File pom) throws IOException, ParseException {
        ResolveOptions options = new ResolveOptions();
        options.setConfs(SCOPES);
        options.setArtifactFilter(artifact -> artifact.getExt().equals("jar"));
        options.setLog("quiet");
        ResolveReport report = ivy.resolve(pom.toURI().toURL(), options);
        IvyNode[] absent = report.getUnresolvedDependencies();
        for (IvyNode library : absent) System.err.println(describe(library));
        if (report.hasError() && absent.length == 0) report.getAllProblemMessages().forEach(System.err::println);
        if (report.hasError()) return false;
        for (IvyNode library : report.getDependencies().toArray(IvyNode[]::new))
            if (!library.isCompletelyEvicted()) System.out.println("Installing " + nameOf(library.getResolvedId()));
        RetrieveOptions retrieving = new RetrieveOptions();
        retrieving.setConfs(SCOPES);
        retrieving.setDestArtifactPattern(target + "/" + NAME);
        retrieving.setLog("quiet");
        ivy.retrieve(report.getModuleDescriptor().getModuleRevisionId(), retrieving);
        return true;
    }

    private String describe(IvyNode library) {
        String problem = library.getProblemMessage();
        return nameOf(library.getId()) + " cannot be had from " + repository.address() + ": "
                + (problem.isEmpty() ? "unknown problem" : problem);
    }

    /** As Maven writes it. */
    private static String nameOf(ModuleRevisionId id) {
        return String.join(":", Arrays.asList(id.getOrganisation(), id.getName(), id.getRevision()));
    }
}
