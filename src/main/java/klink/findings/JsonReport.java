package klink.findings;

import java.io.OutputStream;
import klink.check.Violation;
import klink.report.Finding.Severity;
import tools.jackson.core.JsonEncoding;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.PrettyPrinter;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;

/// Findings as JSON, every reference on its own. docs/CHECK.md describes the members; `version` counts up when one
/// changes its meaning or goes, not when one is added.
public final class JsonReport {
    private static final int VERSION = 1;

    private final JsonGenerator json;

    private JsonReport(JsonGenerator json) {
        this.json = json;
    }

    /// Writes the whole document; `out` stays open.
    public static void write(Findings findings, RunFacts facts, OutputStream out) {
        try (JsonGenerator json = generator(out)) {
            new JsonReport(json).document(findings, facts);
        }
    }

    /// A generator of indented text that leaves `out` open.
    static JsonGenerator generator(OutputStream out) {
        var lines = new DefaultIndenter("  ", "\n");
        var separators = Separators.createDefaultInstance().withObjectNameValueSpacing(Separators.Spacing.AFTER);
        var pretty = new DefaultPrettyPrinter(separators).withObjectIndenter(lines).withArrayIndenter(lines);
        var context = new ObjectWriteContext.Base() {
            @Override
            public PrettyPrinter getPrettyPrinter() {
                return pretty;
            }
        };
        return JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build().createGenerator(context, out, JsonEncoding.UTF8);
    }

    private void document(Findings findings, RunFacts facts) {
        json.writeStartObject();
        json.writeStringProperty("format", "klink-check");
        json.writeNumberProperty("version", VERSION);
        json.writeStringProperty("klink", facts.version());
        json.writeStringProperty("kernel", facts.kernel());
        json.writeBooleanProperty("extraWarnings", facts.extraWarnings());
        json.writeBooleanProperty("mismatchesAreErrors", facts.errors());
        json.writeNumberProperty("objects", facts.objects());
        json.writeNumberProperty("references", facts.references());
        json.writeObjectPropertyStart("summary");
        json.writeNumberProperty("findings", findings.count());
        json.writeNumberProperty("sectionMismatches", findings.mismatches());
        if (findings.hasBaseline) {
            json.writeNumberProperty("new", findings.fresh());
            json.writeNumberProperty("gone", findings.goneCount());
        }
        json.writeEndObject();
        json.writeArrayPropertyStart("findings");
        for (Item i : findings.items) {
            item(i, facts.errors());
        }
        json.writeEndArray();
        if (findings.hasBaseline) {
            json.writeArrayPropertyStart("gone");
            for (Baseline.Gone g : findings.gone) {
                json.writeStartObject();
                json.writeStringProperty("key", g.key());
                json.writeNumberProperty("count", g.count());
                json.writeEndObject();
            }
            json.writeEndArray();
        }
        json.writeEndObject();
    }

    private void item(Item i, boolean errors) {
        json.writeStartObject();
        json.writeStringProperty("rule", i.rule());
        json.writeStringProperty("severity", isError(i, errors) ? "error" : "warning");
        json.writeStringProperty("message", i.first().message());
        if (i.said().size() > 1) {
            json.writeArrayPropertyStart("reasons");
            for (Violation v : i.said().subList(1, i.said().size())) {
                json.writeString(v.message());
            }
            json.writeEndArray();
        }
        if (i.state() != Item.State.NONE) {
            json.writeStringProperty("state", i.isKnown() ? "known" : "new");
        }
        json.writeStringProperty("key", i.key());
        place("from", i.from());
        place("to", i.to());
        json.writeArrayPropertyStart("chain");
        for (Place p : i.chain()) {
            json.writeStartObject();
            members(p);
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayPropertyStart("advice");
        for (String a : i.advice()) {
            json.writeString(a);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    /// A mismatch is an error where modpost would refuse the kernel for it.
    static boolean isError(Item i, boolean errors) {
        return i.severity() == Severity.ERROR || errors && RuleText.of(i.rule()).isMismatch();
    }

    private void place(String name, Place p) {
        if (p != null) {
            json.writeObjectPropertyStart(name);
            members(p);
            json.writeEndObject();
        }
    }

    private void members(Place p) {
        json.writeStringProperty("object", p.object());
        if (p.end().section() != 0) {
            json.writeStringProperty("section", p.end().sectionName());
            json.writeNumberProperty("offset", p.end().offset());
        }
        if (p.end().symbol() != 0) {
            json.writeStringProperty("symbol", p.symbol());
            json.writeNumberProperty("symbolOffset", p.end().symbolOffset());
            json.writeNumberProperty("symbolSize", p.end().symbolSize());
            json.writeBooleanProperty("function", p.end().isFunction());
        }
        if (p.source() != null) {
            json.writeStringProperty("file", p.source().file());
            json.writeNumberProperty("line", p.source().line());
        }
        if (p.inlined() != null) {
            json.writeObjectPropertyStart("inlinedAt");
            json.writeStringProperty("file", p.inlined().file());
            json.writeNumberProperty("line", p.inlined().line());
            json.writeEndObject();
        }
    }
}
