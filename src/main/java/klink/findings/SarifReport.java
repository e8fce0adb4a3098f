package klink.findings;

import java.io.OutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import klink.check.Violation;
import klink.elf.Elf;
import tools.jackson.core.JsonGenerator;

/// Findings as SARIF 2.1.0 (OASIS), which code scanning services and editors read: a result for each reference, at
/// its source line if the object has debug information, else at its bytes in the object.
public final class SarifReport {
    private static final String SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json";
    private static final String TOP = "SRCROOT";
    private static final String BUILD = "OBJROOT";

    private final JsonGenerator json;
    private final RunFacts facts;
    private final List<String> rules = new ArrayList<>();
    private final Map<String, Integer> seen = new HashMap<>();

    private SarifReport(JsonGenerator json, RunFacts facts) {
        this.json = json;
        this.facts = facts;
    }

    /// Writes the whole document; `out` stays open.
    public static void write(Findings findings, RunFacts facts, OutputStream out) {
        try (JsonGenerator json = JsonReport.generator(out)) {
            new SarifReport(json, facts).document(findings);
        }
    }

    private void document(Findings findings) {
        json.writeStartObject();
        json.writeStringProperty("$schema", SCHEMA);
        json.writeStringProperty("version", "2.1.0");
        json.writeArrayPropertyStart("runs");
        json.writeStartObject();
        tool(findings);
        json.writeStringProperty("columnKind", "utf16CodeUnits");
        if (facts.top() != null || facts.build() != null) {
            json.writeObjectPropertyStart("originalUriBaseIds");
            base(TOP, facts.top());
            base(BUILD, facts.build());
            json.writeEndObject();
        }
        json.writeArrayPropertyStart("results");
        for (Item i : findings.items) {
            result(i);
        }
        json.writeEndArray();
        properties(findings);
        json.writeEndObject();
        json.writeEndArray();
        json.writeEndObject();
    }

    private void base(String id, Path directory) {
        if (directory != null) {
            json.writeObjectPropertyStart(id);
            String uri = directory.toUri().toString();
            json.writeStringProperty("uri", uri.endsWith("/") ? uri : uri + "/");
            json.writeEndObject();
        }
    }

    private void tool(Findings findings) {
        var ids = new TreeSet<String>();
        for (Item i : findings.items) {
            ids.add(i.rule());
        }
        rules.addAll(ids);
        json.writeObjectPropertyStart("tool");
        json.writeObjectPropertyStart("driver");
        json.writeStringProperty("name", "klink check");
        json.writeStringProperty("version", facts.version());
        json.writeArrayPropertyStart("rules");
        for (String id : rules) {
            RuleText rule = RuleText.of(id);
            json.writeStartObject();
            json.writeStringProperty("id", id);
            json.writeStringProperty("name", id);
            text("shortDescription", rule.title());
            text("fullDescription", rule.help());
            text("help", rule.help());
            json.writeObjectPropertyStart("defaultConfiguration");
            json.writeStringProperty("level", "warning");
            json.writeEndObject();
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
        json.writeEndObject();
    }

    private void properties(Findings findings) {
        json.writeObjectPropertyStart("properties");
        json.writeStringProperty("kernel", facts.kernel());
        json.writeNumberProperty("objects", facts.objects());
        json.writeNumberProperty("references", facts.references());
        if (findings.hasBaseline) {
            json.writeArrayPropertyStart("gone");
            for (Baseline.Gone g : findings.gone) {
                json.writeString(g.key() + (g.count() > 1 ? " x" + g.count() : ""));
            }
            json.writeEndArray();
        }
        json.writeEndObject();
    }

    private void result(Item i) {
        json.writeStartObject();
        json.writeStringProperty("ruleId", i.rule());
        json.writeNumberProperty("ruleIndex", rules.indexOf(i.rule()));
        json.writeStringProperty("level", JsonReport.isError(i, facts.errors()) ? "error" : "warning");
        text("message", message(i));
        json.writeArrayPropertyStart("locations");
        Place at = i.from() != null ? i.from() : i.to();
        if (at != null) {
            location(at, null, -1);
        }
        json.writeEndArray();
        if (i.to() != null) {
            json.writeArrayPropertyStart("relatedLocations");
            location(i.to(), name(i.to()) + " is defined here", 1);
            if (i.from().inlined() != null) {
                location(new Place(i.from().object(), i.from().end(), i.from().inlined(), null), "inlined into " + name(i.from()) + " here", 2);
            }
            json.writeEndArray();
        }
        if (i.to() != null && !i.chain().isEmpty()) {
            flow(i);
        }
        json.writeObjectPropertyStart("partialFingerprints");
        json.writeStringProperty("klinkFinding/v1", fingerprint(i.key()));
        json.writeEndObject();
        if (i.state() != Item.State.NONE) {
            json.writeStringProperty("baselineState", i.isKnown() ? "unchanged" : "new");
        }
        json.writeObjectPropertyStart("properties");
        json.writeStringProperty("key", i.key());
        if (at != null) {
            json.writeStringProperty("object", at.object());
            json.writeStringProperty("section", at.end().sectionName());
            json.writeNumberProperty("offset", at.end().offset());
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    /// modpost's words, then what to do.
    private static String message(Item i) {
        var sb = new StringBuilder();
        for (Violation v : i.said()) {
            sb.append(sb.isEmpty() ? "" : "\n").append(v.message().strip());
        }
        for (String a : i.advice()) {
            sb.append("\nTry: ").append(a);
        }
        return sb.toString();
    }

    /// From the outermost user to the place that must not be used.
    private void flow(Item i) {
        json.writeArrayPropertyStart("codeFlows");
        json.writeStartObject();
        json.writeArrayPropertyStart("threadFlows");
        json.writeStartObject();
        json.writeArrayPropertyStart("locations");
        for (int n = i.chain().size() - 1; n >= 0; n--) {
            Place used = n == 0 ? i.from() : i.chain().get(n - 1);
            step(i.chain().get(n), name(i.chain().get(n)) + " uses " + name(used));
        }
        step(i.from(), name(i.from()) + " refers to " + name(i.to()));
        step(i.to(), name(i.to()) + " in " + i.to().end().sectionName());
        json.writeEndArray();
        json.writeEndObject();
        json.writeEndArray();
        json.writeEndObject();
        json.writeEndArray();
    }

    private void step(Place p, String message) {
        json.writeStartObject();
        json.writeName("location");
        location(p, message, -1);
        json.writeEndObject();
    }

    private void location(Place p, String message, int id) {
        json.writeStartObject();
        if (id >= 0) {
            json.writeNumberProperty("id", id);
        }
        json.writeObjectPropertyStart("physicalLocation");
        json.writeObjectPropertyStart("artifactLocation");
        String file = p.source() != null ? p.source().file() : p.end().file().archiveName() != null && p.object().endsWith(")")
            ? p.object().substring(0, p.object().lastIndexOf('(')) : p.object();
        json.writeStringProperty("uri", uri(file));
        if ((p.source() != null ? facts.top() : facts.build()) != null && !file.startsWith("/")) {
            json.writeStringProperty("uriBaseId", p.source() != null ? TOP : BUILD);
        }
        json.writeEndObject();
        if (p.source() != null) {
            json.writeObjectPropertyStart("region");
            json.writeNumberProperty("startLine", p.source().line());
            json.writeEndObject();
        } else if (p.end().section() != 0 && p.end().offset() >= 0 && !p.end().file().isSynthetic() && p.end().file().type(p.end().section()) != Elf.SHT_NOBITS) {
            json.writeObjectPropertyStart("region");
            json.writeNumberProperty("byteOffset", p.end().file().fileOffset(p.end().section()) + p.end().offset());
            json.writeEndObject();
        }
        json.writeEndObject();
        if (p.end().symbol() != 0) {
            json.writeArrayPropertyStart("logicalLocations");
            json.writeStartObject();
            json.writeStringProperty("name", p.symbol());
            json.writeStringProperty("kind", p.end().isFunction() ? "function" : "variable");
            json.writeEndObject();
            json.writeEndArray();
        }
        if (message != null) {
            text("message", message);
        }
        json.writeEndObject();
    }

    private void text(String name, String text) {
        json.writeObjectPropertyStart(name);
        json.writeStringProperty("text", text);
        json.writeEndObject();
    }

    private static String name(Place p) {
        return p.symbol().isEmpty() ? "something in " + p.end().sectionName() : p.symbol();
    }

    /// A path as the reference that SARIF wants: percent-encoded, and no first part that would be taken for a scheme.
    static String uri(String path) {
        try {
            String relative = path.startsWith("/") || path.indexOf(':') < 0 ? path : "./" + path;
            return new URI(path.startsWith("/") ? "file" : null, path.startsWith("/") ? "" : null, relative, null).toASCIIString();
        } catch (URISyntaxException e) {
            return "unnamed";
        }
    }

    /// The same for the same finding in the next build; the n-th reference with the same names has one of its own.
    private String fingerprint(String key) {
        int n = seen.merge(key, 1, Integer::sum);
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest((key + "\n" + n).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JVM has SHA-256
        }
    }
}
