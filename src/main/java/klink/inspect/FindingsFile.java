package klink.inspect;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import klink.inspect.Mismatch.End;
import klink.report.BadInput;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// What `klink check --format=json` wrote (docs/CHECK.md), read for the two ends of each finding. Everything else in it is
/// skipped, so that what is added to that format one day does no harm here. A kernel has few findings; a thousand are 1 MB.
final class FindingsFile {
    private final String file;
    private final JsonParser json;
    private final List<Mismatch> found = new ArrayList<>();

    private FindingsFile(String file, JsonParser json) {
        this.file = file;
        this.json = json;
    }

    static List<Mismatch> read(Path path) {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(path);
        } catch (IOException e) {
            throw new BadInput(path.toString(), 0, "cannot read: " + e.getMessage());
        }
        try (JsonParser json = new JsonFactory().createParser(ObjectReadContext.empty(), bytes)) {
            var reader = new FindingsFile(path.toString(), json);
            reader.document();
            return reader.found;
        } catch (JacksonException e) {
            long at = e.getLocation() == null ? 0 : Math.max(0, e.getLocation().getByteOffset());
            throw new BadInput(path.toString(), at, "not JSON: " + e.getOriginalMessage());
        }
    }

    private void document() {
        boolean any = false;
        expect(json.nextToken(), JsonToken.START_OBJECT, "an object");
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            boolean findings = json.currentName().equals("findings");
            JsonToken value = json.nextToken();
            if (!findings) {
                json.skipChildren();
                continue;
            }
            any = true;
            expect(value, JsonToken.START_ARRAY, "an array of findings");
            for (JsonToken t = json.nextToken(); t != JsonToken.END_ARRAY; t = json.nextToken()) {
                expect(t, JsonToken.START_OBJECT, "a finding");
                finding();
            }
        }
        if (!any) {
            throw new BadInput(file, 0, "not what klink check --format=json writes: no \"findings\"");
        }
    }

    /// A finding without two ends (an export that comes twice) is none of ours.
    private void finding() {
        String rule = "";
        End from = null;
        End to = null;
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = json.currentName();
            JsonToken value = json.nextToken();
            switch (name) {
                case "rule" -> rule = value == JsonToken.VALUE_STRING ? json.getString() : "";
                case "from" -> from = end(value);
                case "to" -> to = end(value);
                default -> json.skipChildren();
            }
        }
        if (from != null && to != null) {
            found.add(new Mismatch(rule, from, to));
        }
    }

    private End end(JsonToken start) {
        if (start == JsonToken.VALUE_NULL) {
            return null;
        }
        expect(start, JsonToken.START_OBJECT, "one end of a reference");
        String object = "";
        String section = "";
        String symbol = "";
        boolean function = false;
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = json.currentName();
            JsonToken value = json.nextToken();
            String text = value == JsonToken.VALUE_STRING ? json.getString() : "";
            switch (name) {
                case "object" -> object = text;
                case "section" -> section = text;
                case "symbol" -> symbol = text;
                case "function" -> function = value == JsonToken.VALUE_TRUE;
                default -> json.skipChildren();
            }
        }
        return new End(object, section, symbol, function);
    }

    private void expect(JsonToken is, JsonToken wanted, String what) {
        if (is != wanted) {
            throw new BadInput(file, Math.max(0, json.currentTokenLocation().getByteOffset()), "not what klink check --format=json writes: want " + what);
        }
    }
}
