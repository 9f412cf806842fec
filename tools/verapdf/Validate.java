import java.io.FileInputStream;
import java.util.Map;
import java.util.TreeMap;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/** Validates files against one part and level: Validate 3u a.pdf b.pdf. Ends with 1 when a file breaks a rule. */
public class Validate {
    public static void main(String[] arguments) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        PDFAFlavour flavour = PDFAFlavour.byFlavourId(arguments[0]);
        boolean all = true;
        for (int i = 1; i < arguments.length; i++) {
            try (PDFAParser parser = Foundries.defaultInstance().createParser(new FileInputStream(arguments[i]), flavour);
                    PDFAValidator validator = Foundries.defaultInstance().createValidator(flavour, false)) {
                ValidationResult result = validator.validate(parser);
                all &= result.isCompliant();
                System.out.printf("%-5s %s %s%n", result.isCompliant() ? "ok" : "FAILS", flavour.getId(), arguments[i]);
                Map<String, String> broken = new TreeMap<>();
                for (TestAssertion one : result.getTestAssertions()) {
                    if (one.getStatus() == TestAssertion.Status.FAILED) {
                        String rule = one.getRuleId().getClause() + "-" + one.getRuleId().getTestNumber();
                        broken.putIfAbsent(rule, one.getMessage() + " at " + one.getLocation().getContext());
                    }
                }
                broken.forEach((rule, words) -> System.out.println("      " + rule + ": " + words));
            }
        }
        System.exit(all ? 0 : 1);
    }
}
