package ai.robutler.http.multipart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.robutler.api.ApiException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Parts are told whole and in order, however the body is cut into pieces. */
final class MultipartParserTest {
    private static final String BODY = """
            a preamble
            --b \t
            Content-Disposition: form-data; name="one"

            first
            --
            still first
            --b
            content-disposition: form-data; name=file; filename="f"
            Content-Type: x/y


            --b--
            an epilogue with
            --b
            """.replace("\n", "\r\n");

    @Test
    void aBody_isTheSame_howeverItIsCut() throws IOException {
        List<String> whole = parts(BODY.length());
        assertThat(whole).containsExactly("one||=first\r\n--\r\nstill first", "file|f|x/y=");
        for (int length = 1; length < BODY.length(); length++) {
            assertThat(parts(length)).isEqualTo(whole);
        }
    }

    @Test
    void contentFullOfNearlyBoundaries_comesThrough() throws IOException {
        Random random = new Random(42);
        for (int round = 0; round < 500; round++) {
            String content = random.ints(random.nextInt(60), 0, 4)
                    .mapToObj(i -> "\r\n-b".substring(i, i + 1))
                    .reduce("", String::concat)
                    .replace("\r\n--b", "\r\n-b");
            String body = "--b\r\nContent-Disposition: form-data; name=n\r\n\r\n" + content + "\r\n--b--";
            Recorder recorder = new Recorder();
            MultipartParser parser = new MultipartParser("b", recorder);
            for (int at = 0; at < body.length(); ) {
                int end = Math.min(body.length(), at + 1 + random.nextInt(9));
                parser.accept(bytes(body.substring(at, end)));
                at = end;
            }
            assertThat(parser.isComplete()).isTrue();
            assertThat(recorder.parts).containsExactly("n||=" + content);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '>',
            value = {
                "name=\"file\"; filename=\"a;b.txt\" > a;b.txt",
                "name=\"file\"; filename=plain.txt > plain.txt",
                "name=\"file\"; filename=\"C:\\dir\\file.txt\" > C:\\dir\\file.txt",
                "name=\"file\"; filename=\"a\\\"b\" > a\"b",
                "name=\"file\"; filename=\"a%22b\" > a\"b",
                "name=\"file\"; filename=\"x\"; filename*=UTF-8''na%C3%AFve%20file.txt > naïve file.txt",
                "name=\"file\"; filename*=iso-8859-1'en'%A3.txt > £.txt",
                "name=\"file\"; filename=\"x\"; filename*=UTF-8''%zz > x",
                "name=\"file\"; filename=\"x\"; filename*=UTF-7''a > x",
                "name=\"file\"; filename=\"日本.txt\" > 日本.txt",
            })
    void aFileName_isReadAsItsClientMeantIt(String parameters, String name) throws IOException {
        Recorder recorder = new Recorder();
        new MultipartParser("b", recorder)
                .accept(bytes("--b\r\nContent-Disposition: form-data; " + parameters + "\r\n\r\n\r\n--b--"));
        assertThat(recorder.parts).containsExactly("file|" + name + "|=");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--bb\r\n\r\n",
                "--b\r\n\r\n\r\n",
                "--b\r\nContent-Disposition: form-data\r\n\r\n",
                "--b\r\nno colon\r\n\r\n",
                "--b\r\nContent-Disposition: attachment; name=x\r\n\r\n"
            })
    void aMalformedBody_is400(String body) {
        MultipartParser parser = new MultipartParser("b", new Recorder());
        assertThatThrownBy(() -> parser.accept(bytes(body)))
                .isInstanceOf(ApiException.class)
                .hasMessageStartingWith("The multipart body is malformed: ");
    }

    @Test
    void aHeadThatDoesNotEnd_is400BeforeItFillsTheMemory() {
        MultipartParser parser = new MultipartParser("b", new Recorder());
        assertThatThrownBy(() -> {
                    parser.accept(bytes("--b\r\nX: "));
                    for (int i = 0; i < 9; i++) {
                        parser.accept(new byte[1024]);
                    }
                })
                .hasMessageContaining("longer than 8192 bytes");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=\"ä\""})
    void aTypeWithoutABoundary_is400(String type) {
        assertThatThrownBy(() -> MultipartParser.boundary(type)).hasMessageContaining("needs a boundary");
    }

    @Test
    void aBoundary_mayBeQuoted() {
        assertThat(MultipartParser.boundary("Multipart/Form-Data; charset=x; Boundary=\"a b;c\""))
                .isEqualTo("a b;c");
    }

    private static List<String> parts(int length) throws IOException {
        Recorder recorder = new Recorder();
        MultipartParser parser = new MultipartParser("b", recorder);
        byte[] body = bytes(BODY);
        for (int at = 0; at < body.length; at += length) {
            parser.accept(Arrays.copyOfRange(body, at, Math.min(body.length, at + length)));
        }
        assertThat(parser.isComplete()).isTrue();
        return recorder.parts;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static final class Recorder implements PartListener {
        private final List<String> parts = new ArrayList<>();
        private final ByteArrayOutputStream content = new ByteArrayOutputStream();
        private String head = "";

        @Override
        public void begin(PartHead part) {
            head = part.name() + "|" + part.fileName().orElse("") + "|"
                    + part.contentType().orElse("");
            content.reset();
        }

        @Override
        public void content(byte[] bytes, int from, int length) {
            content.write(bytes, from, length);
        }

        @Override
        public void end() {
            parts.add(head + "=" + content.toString(StandardCharsets.UTF_8));
        }
    }
}
