import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import javax.xml.parsers.DocumentBuilderFactory;
import org.eclipse.rdf4j.model.Model;
import org.eclipse.rdf4j.model.Resource;
import org.eclipse.rdf4j.model.Statement;
import org.eclipse.rdf4j.model.Value;
import org.eclipse.rdf4j.model.impl.LinkedHashModel;
import org.eclipse.rdf4j.model.vocabulary.OWL;
import org.eclipse.rdf4j.model.vocabulary.RDF;
import org.eclipse.rdf4j.rio.RDFFormat;
import org.eclipse.rdf4j.rio.Rio;
import org.semanticweb.owlapi.apibinding.OWLManager;
import org.semanticweb.owlapi.formats.NTriplesDocumentFormat;
import org.semanticweb.owlapi.io.RDFTriple;
import org.semanticweb.owlapi.io.StreamDocumentSource;
import org.semanticweb.owlapi.model.IRI;
import org.semanticweb.owlapi.model.OWLDocumentFormat;
import org.semanticweb.owlapi.model.OWLOntology;
import org.semanticweb.owlapi.model.OWLOntologyManager;
import org.semanticweb.owlapi.profiles.OWL2DLProfile;
import org.semanticweb.owlapi.profiles.OWLProfileViolation;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * Says whether ontology files are in OWL 2 DL.
 *
 * <p>Each file is checked with everything it imports; imports are looked up in a catalog and never
 * on the network. The graphs are merged before OWL API reads them, as the OWL 2 mapping asks: read
 * one after the other, modules that import each other would lose declarations.
 *
 * <p>Usage: ProfileCheck [--catalog FILE] FILE... ; exit code 0 clean, 1 violations, 2 unreadable.
 */
public final class ProfileCheck {
    private final Map<String, Path> catalog;
    private final Map<Path, Model> graphs = new LinkedHashMap<>();

    private ProfileCheck(Map<String, Path> catalog) {
        this.catalog = catalog;
    }

    public static void main(String[] arguments) {
        try {
            System.exit(run(new ArrayDeque<>(List.of(arguments))));
        } catch (Exception | LinkageError problem) {
            System.err.println("error: " + problem);
            System.exit(2);
        }
    }

    private static int run(Deque<String> arguments) throws Exception {
        Map<String, Path> catalog = Map.of();
        if ("--catalog".equals(arguments.peek())) {
            arguments.pop();
            catalog = readCatalog(Path.of(arguments.pop()));
        }
        if (arguments.isEmpty()) {
            throw new IOException("no file given. Usage: ProfileCheck [--catalog FILE] FILE...");
        }
        ProfileCheck check = new ProfileCheck(catalog);
        Set<String> said = new HashSet<>();
        for (String argument : arguments) {
            for (String violation : check.violations(Path.of(argument))) {
                if (said.add(violation)) {
                    System.out.println(argument + ": " + violation);
                }
            }
        }
        System.out.printf("%d files checked, %d violations%n", arguments.size(), said.size());
        return said.isEmpty() ? 0 : 1;
    }

    private Set<String> violations(Path root) throws Exception {
        OWLOntology ontology = load(closure(root));
        Set<String> found = new TreeSet<>();
        for (OWLProfileViolation violation : new OWL2DLProfile().checkOntology(ontology)
                .getViolations()) {
            found.add(describe(violation));
        }
        for (RDFTriple triple : unparsed(ontology)) {
            found.add("TripleOutsideOwl: " + triple);
        }
        return found;
    }

    private static String describe(OWLProfileViolation violation) {
        String name = violation.getClass().getSimpleName();
        String axiom = violation.getAxiom() == null ? "" : " | axiom: " + violation.getAxiom();
        return (name + ": " + violation.getExpression() + axiom).replaceAll("\\s+", " ");
    }

    private static Iterable<RDFTriple> unparsed(OWLOntology ontology) {
        OWLDocumentFormat format = ontology.getOWLOntologyManager().getOntologyFormat(ontology);
        return format.getOntologyLoaderMetaData()
                .map(data -> (Iterable<RDFTriple>) data.getUnparsedTriples()::iterator)
                .orElse(List.of());
    }

    private static OWLOntology load(Model graph) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Rio.write(graph, bytes, RDFFormat.NTRIPLES);
        OWLOntologyManager manager = OWLManager.createOWLOntologyManager();
        return manager.loadOntologyFromOntologyDocument(new StreamDocumentSource(
                new ByteArrayInputStream(bytes.toByteArray()), IRI.create("urn:merged"),
                new NTriplesDocumentFormat(), null));
    }

    /** The merged graph of a file and all it imports, under the file's own ontology header. */
    private Model closure(Path root) throws IOException {
        Model merged = new LinkedHashModel();
        Set<Path> seen = new LinkedHashSet<>(List.of(root.toAbsolutePath().normalize()));
        Deque<Path> open = new ArrayDeque<>(seen);
        while (!open.isEmpty()) {
            Path file = open.pop();
            Model graph = read(file);
            for (Statement triple : graph) {
                if (triple.getPredicate().equals(OWL.IMPORTS)) {
                    Path imported = imported(triple.getObject(), file);
                    if (seen.add(imported)) {
                        open.add(imported);
                    }
                } else {
                    merged.add(triple);
                }
            }
        }
        Set<Resource> heads = read(root.toAbsolutePath().normalize())
                .filter(null, RDF.TYPE, OWL.ONTOLOGY).subjects();
        List<Statement> others = new ArrayList<>(merged.filter(null, RDF.TYPE, OWL.ONTOLOGY));
        others.removeIf(triple -> heads.contains(triple.getSubject()));
        merged.removeAll(others);
        return merged;
    }

    private Path imported(Value ontology, Path file) throws IOException {
        Path found = catalog.get(ontology.stringValue());
        if (found == null) {
            throw new IOException(file + " imports " + ontology + ", which the catalog lacks.");
        }
        return found;
    }

    private Model read(Path file) throws IOException {
        if (!graphs.containsKey(file)) {
            RDFFormat format = Rio.getParserFormatForFileName(file.toString())
                    .orElseThrow(() -> new IOException(file + ": not the name of an RDF file."));
            try (InputStream in = Files.newInputStream(file)) {
                graphs.put(file, Rio.parse(in, "", format));
            } catch (RuntimeException problem) {
                throw new IOException(file + ": " + problem.getMessage(), problem);
            }
        }
        return graphs.get(file);
    }

    private static Map<String, Path> readCatalog(Path file) throws Exception {
        Map<String, Path> entries = new LinkedHashMap<>();
        NodeList nodes = DocumentBuilderFactory.newInstance().newDocumentBuilder()
                .parse(file.toFile()).getElementsByTagName("uri");
        Path folder = file.toAbsolutePath().getParent();
        for (int i = 0; i < nodes.getLength(); i++) {
            Element entry = (Element) nodes.item(i);
            entries.put(entry.getAttribute("name"),
                    folder.resolve(entry.getAttribute("uri")).normalize());
        }
        return entries;
    }
}
