package klink.script;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import klink.script.Command.Assign;
import org.junit.jupiter.api.Test;

/// What cannot be asked of GNU ld: unknown values, problems and where they point.
class EvaluatorTest {
    private final FixedScope scope = new FixedScope();
    private final Evaluator evaluator = new Evaluator(scope);

    private static Assign assign(String text) {
        return (Assign) ParserTest.parse(text).commands().getFirst();
    }

    private Value value(String text) {
        return evaluator.value(assign("x = " + text + ";").value());
    }

    @Test
    void unknownSymbol() {
        assertNull(value("t1 + later"));
        assertEquals(List.of("UNKNOWN: undefined symbol later in expression"), scope.problems);
        assertEquals(10, scope.places.getFirst().column());
        scope.symbols.put("later", Value.in(0, 4));
        assertNotNull(value("t1 + later"), "the same evaluator, once it is known");
    }

    @Test
    void onlyTheChosenSideIsEvaluated() {
        assertNotNull(value("1 ? 2 : 1 / 0"));
        assertNotNull(value("DEFINED(later) ? later : 0"));
        assertEquals(List.of(), scope.problems);
        assertNull(value("1 || later"), "as GNU ld: both sides of || are evaluated");
    }

    @Test
    void divisionByZero() {
        assertNull(value("t1 / (1 - 1)"));
        assertNull(value("1 % 0"));
        assertEquals(List.of("ERROR: division by zero: 1 - 1 is 0", "ERROR: remainder by zero: 0 is 0"), scope.problems);
        assertEquals("x = t1 / (1 - 1);\n            ^", scope.places.getFirst().caret());
    }

    @Test
    void sections() {
        assertEquals(Value.number(0), value("SIZEOF(.none)"));
        assertNull(value("ADDR(.none)"));
        assertNull(value("ORIGIN(rom)"));
        assertEquals(List.of("UNKNOWN: undefined section .none in expression", "UNKNOWN: undefined section .none in expression",
                "ERROR: undefined memory region rom"), scope.problems);
    }

    @Test
    void assertions() {
        var script = ParserTest.parse("ASSERT(t1 == t2, \"differ\")\n. = ASSERT(1 > 2, \"no\");\nASSERT(1, \"fine\") ASSERT(later, \"l\")");
        for (Command c : script.commands()) {
            if (c instanceof Command.Assert a) {
                evaluator.check(a);
            } else {
                evaluator.value(((Assign) c).value());
            }
        }
        assertEquals(List.of("FAILED_ASSERT: differ", "FAILED_ASSERT: no", "UNKNOWN: undefined symbol later in expression"),
                scope.problems);
        assertEquals(2, scope.places.get(1).line());
    }

    @Test
    void typeSource() {
        value("t1");
        assertEquals("t1", evaluator.onlySymbol());
        value("t1 + 4");
        assertEquals("t1", evaluator.onlySymbol());
        value("t1 - t0");
        assertNull(evaluator.onlySymbol());
        value("DEFINED(t1) && d1 ? t1 : 0");
        assertEquals("t1", evaluator.onlySymbol());
        value(". + 1");
        assertNull(evaluator.onlySymbol());
    }

    @Test
    void fromDot() {
        scope.dot = 0x1234;
        assertEquals(new Value(Value.ABSOLUTE, 0x1234, true), value("."));
        assertEquals(true, value(". + 4").fromDot());
        assertEquals(false, value(". - t0").fromDot());
        assertEquals(false, value("ABSOLUTE(.)").fromDot());
        scope.section = 0;
        assertEquals(0x1234 - FixedScope.TEXT, value(".").value());
        assertEquals(0, value(".").section());
    }

    /// Newer than the GNU ld of the differential test (2.41).
    @Test
    void exclusiveOr() {
        assertEquals(Value.number(0x28 ^ 0x5d), inText("t1 ^ t2"));
        assertEquals(Value.in(0, 0x28 ^ 5), inText("t1 ^ 5"));
        assertEquals(Value.absolute(0x5d ^ 0x28), value("t1 ^ t2"));
    }

    private Value inText(String text) {
        scope.section = 0;
        try {
            return value(text);
        } finally {
            scope.section = Value.ABSOLUTE;
        }
    }

    @Test
    void dataSegment() {
        scope.dot = 0x12345;
        assertEquals(0x13345, value("DATA_SEGMENT_ALIGN(0x1000, 0x1000)").value());
        assertEquals(0x12345, value("DATA_SEGMENT_END(.)").value());
        assertEquals(0x12345, value("DATA_SEGMENT_RELRO_END(24, .)").value());
        assertNull(value("DATA_SEGMENT_ALIGN(3, 1)"));
        assertEquals(List.of("ERROR: page size is not a power of two"), scope.problems);
    }
}
