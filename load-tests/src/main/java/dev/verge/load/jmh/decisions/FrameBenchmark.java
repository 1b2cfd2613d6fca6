package dev.verge.load.jmh.decisions;

import dev.verge.load.jmh.SampleSite;
import dev.verge.sandbox.HeaderField;
import dev.verge.sandbox.wire.Frame;
import dev.verge.sandbox.wire.FrameSplitter;
import dev.verge.sandbox.wire.FrameType;
import dev.verge.sandbox.wire.FrameWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/**
 * Frames between a node and a function host, written and read as both ends do it: a call with a browser's fields, and 16 KiB of a body. Beside
 * a byte buffer that takes and gives the same bytes without fields, limits and growth.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class FrameBenchmark {
    private static final String REQUEST_ID = "686897696a7c876b7e";
    private static final String URL = "https://" + SampleSite.HOST + "/products/4711/page.html";
    private static final String FACTS =
            "{\"clientIp\":\"203.0.113.7\",\"scheme\":\"https\",\"httpProtocol\":\"HTTP/2\",\"node\":\"node-0\"}";

    private final List<HeaderField> fields = fields();
    private final byte[] body = new byte[16 << 10];
    private final byte[] call = callFrame(fields);
    private final byte[] data = bodyFrame(body);
    private final FrameSplitter splitter = new FrameSplitter();
    private final ByteBuffer buffer = ByteBuffer.allocate(body.length + 64);

    private static List<HeaderField> fields() {
        List<HeaderField> list = new ArrayList<>();
        SampleSite.BROWSER.forEach((name, value) -> list.add(new HeaderField(name, value)));
        return List.copyOf(list);
    }

    private static byte[] callFrame(List<HeaderField> fields) {
        return new FrameWriter()
                .frame(FrameType.CALL, 7)
                .u32(1)
                .string(REQUEST_ID)
                .string("GET")
                .string(URL)
                .headers(fields)
                .string(FACTS)
                .flag(false)
                .take();
    }

    private static byte[] bodyFrame(byte[] body) {
        return new FrameWriter()
                .frame(FrameType.DATA, 7)
                .u16(0)
                .bytes(body, 0, body.length)
                .take();
    }

    @Benchmark
    public byte[] encodeCall() {
        return callFrame(fields);
    }

    @Benchmark
    public byte[] encodeBody() {
        return bodyFrame(body);
    }

    @Benchmark
    public void decodeCall(Blackhole out) {
        splitter.feed(call, 0, call.length, frame -> {
            out.consume(frame.u32());
            out.consume(frame.string());
            out.consume(frame.string());
            out.consume(frame.string());
            out.consume(frame.headers());
            out.consume(frame.string());
            out.consume(frame.flag());
        });
    }

    @Benchmark
    public void decodeBody(Blackhole out) {
        splitter.feed(data, 0, data.length, frame -> out.consume(bodyOf(frame)));
    }

    private static byte[] bodyOf(Frame frame) {
        frame.channel();
        return frame.rest();
    }

    /** The same texts, each behind its length. */
    @Benchmark
    public byte[] peerEncodeCall() {
        buffer.clear();
        buffer.putInt(0).put((byte) 0).putInt(7).putInt(1);
        put(REQUEST_ID);
        put("GET");
        put(URL);
        buffer.putShort((short) fields.size());
        for (HeaderField field : fields) {
            put(field.name());
            put(field.value());
        }
        put(FACTS);
        buffer.put((byte) 0).putInt(0, buffer.position() - Integer.BYTES);
        return taken();
    }

    @Benchmark
    public byte[] peerEncodeBody() {
        buffer.clear();
        buffer.putInt(7 + body.length)
                .put((byte) 0)
                .putInt(7)
                .putShort((short) 0)
                .put(body);
        return taken();
    }

    /** The bytes as one text, which is what all its parts have to become. */
    @Benchmark
    public String peerDecodeCall() {
        return new String(call, StandardCharsets.UTF_8);
    }

    @Benchmark
    public byte[] peerDecodeBody() {
        byte[] bytes = new byte[body.length];
        ByteBuffer.wrap(data).get(data.length - body.length, bytes);
        return bytes;
    }

    private void put(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        buffer.putInt(bytes.length).put(bytes);
    }

    private byte[] taken() {
        byte[] bytes = new byte[buffer.position()];
        buffer.get(0, bytes);
        return bytes;
    }
}
