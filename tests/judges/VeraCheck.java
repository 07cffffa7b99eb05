import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.TreeMap;
import java.util.logging.LogManager;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.VeraPDFFoundry;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/**
 * Asks veraPDF's engine whether files conform to profiles.
 *
 * <p>Arguments: profiles separated by commas ("ua1,2a"), then files. Writes one line for each file and profile and one
 * for each broken rule, fields separated by tabs. Exit code 0: everything was asked, whatever the answers.
 */
public final class VeraCheck {
  public static void main(String[] arguments) throws Exception {
    LogManager.getLogManager().reset();
    VeraGreenfieldFoundryProvider.initialise();
    for (int i = 1; i < arguments.length; i++) {
      for (String profile : arguments[0].split(",")) {
        print(arguments[i], profile, validate(arguments[i], PDFAFlavour.byFlavourId(profile)));
      }
    }
  }

  private static ValidationResult validate(String file, PDFAFlavour flavour) throws Exception {
    VeraPDFFoundry foundry = Foundries.defaultInstance();
    try (InputStream in = new FileInputStream(file);
        PDFAParser parser = foundry.createParser(in, flavour);
        PDFAValidator validator = foundry.createValidator(flavour, false)) {
      return validator.validate(parser);
    }
  }

  private static void print(String file, String profile, ValidationResult result) throws IOException {
    Map<String, TestAssertion> broken = new TreeMap<>();
    for (TestAssertion assertion : result.getTestAssertions()) {
      if (assertion.getStatus() == TestAssertion.Status.FAILED) {
        String rule = assertion.getRuleId().getClause() + "-" + assertion.getRuleId().getTestNumber();
        broken.putIfAbsent(rule, assertion);
      }
    }
    String verdict = result.isCompliant() ? "conforms" : "broken";
    System.out.println(String.join("\t", "verdict", file, profile, verdict));
    for (Map.Entry<String, TestAssertion> entry : broken.entrySet()) {
      TestAssertion first = entry.getValue();
      String message = first.getMessage().replaceAll("\\s+", " ");
      System.out.println(String.join("\t", "rule", entry.getKey(), message, first.getLocation().getContext()));
    }
  }
}
