// PDFBox with BouncyCastle: signs one file in memory each time a line "go" arrives, and says how long that took.
import java.io.*;
import java.nio.file.*;
import java.security.*;
import java.security.cert.*;
import java.util.*;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.interactive.digitalsignature.*;
import org.bouncycastle.cert.jcajce.*;
import org.bouncycastle.cms.*;
import org.bouncycastle.cms.jcajce.*;
import org.bouncycastle.operator.jcajce.*;

public class Sign {
    static PrivateKey key;
    static java.security.cert.Certificate[] chain;

    static byte[] cms(InputStream content) throws IOException {
        try {
            CMSSignedDataGenerator generator = new CMSSignedDataGenerator();
            generator.addSignerInfoGenerator(new JcaSignerInfoGeneratorBuilder(
                new JcaDigestCalculatorProviderBuilder().build())
                .build(new JcaContentSignerBuilder("SHA256withECDSA").build(key), (X509Certificate) chain[0]));
            generator.addCertificates(new JcaCertStore(Arrays.asList(chain)));
            return generator.generate(new CMSProcessableByteArray(content.readAllBytes()), false).getEncoded();
        } catch (Exception error) {
            throw new IOException(error);
        }
    }

    static byte[] sign(byte[] pdf) throws IOException {
        try (PDDocument document = PDDocument.load(pdf)) {
            PDSignature signature = new PDSignature();
            signature.setFilter(PDSignature.FILTER_ADOBE_PPKLITE);
            signature.setSubFilter(COSNames.CADES);
            signature.setSignDate(Calendar.getInstance());
            SignatureOptions options = new SignatureOptions();
            options.setPreferredSignatureSize(8192);
            document.addSignature(signature, Sign::cms, options);
            ByteArrayOutputStream out = new ByteArrayOutputStream(pdf.length + 65536);
            document.saveIncremental(out);
            return out.toByteArray();
        }
    }

    static class COSNames {
        static final org.apache.pdfbox.cos.COSName CADES =
            org.apache.pdfbox.cos.COSName.getPDFName("ETSI.CAdES.detached");
    }

    public static void main(String[] arguments) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(new FileInputStream(arguments[0]), arguments[1].toCharArray());
        String alias = store.aliases().nextElement();
        key = (PrivateKey) store.getKey(alias, arguments[1].toCharArray());
        chain = store.getCertificateChain(alias);
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
        byte[] pdf = null, signed = null;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("load ")) {
                pdf = Files.readAllBytes(Path.of(line.substring(5)));
                System.out.println("0");
            } else if (line.startsWith("write ")) {
                Files.write(Path.of(line.substring(6)), signed);
                System.out.println("0");
            } else {
                long begun = System.nanoTime();
                signed = sign(pdf);
                System.out.println((System.nanoTime() - begun) / 1e6);
            }
            System.out.flush();
        }
    }
}
