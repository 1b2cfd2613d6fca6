package dev.verge.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** gRPC end to end, with gRPC's own client and server. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GrpcTest {
    private static final MethodDescriptor.Marshaller<String> TEXT = new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(String value) {
            return new ByteArrayInputStream(value.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public String parse(InputStream stream) {
            try {
                return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    };

    private static final MethodDescriptor<String, String> UNARY = method("Unary", MethodType.UNARY);
    private static final MethodDescriptor<String, String> TALK = method("Talk", MethodType.BIDI_STREAMING);
    private static final MethodDescriptor<String, String> COLLECT = method("Collect", MethodType.CLIENT_STREAMING);
    private static final MethodDescriptor<String, String> REFUSE = method("Refuse", MethodType.UNARY);
    private static final MethodDescriptor<String, String> HANG = method("Hang", MethodType.BIDI_STREAMING);

    private static final Metadata.Key<String> TIMEOUT =
            Metadata.Key.of("grpc-timeout", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> EXTRA = Metadata.Key.of("x-extra", Metadata.ASCII_STRING_MARSHALLER);

    private final AtomicInteger calls = new AtomicInteger();
    private final List<Metadata> received = new CopyOnWriteArrayList<>();
    private final CountDownLatch cancelled = new CountDownLatch(1);
    private Installation installation;
    private Server server;
    private ManagedChannel channel;

    private static MethodDescriptor<String, String> method(String name, MethodType type) {
        return MethodDescriptor.<String, String>newBuilder(TEXT, TEXT)
                .setType(type)
                .setFullMethodName("test.Service/" + name)
                .build();
    }

    @BeforeAll
    void start(@TempDir Path data) throws IOException {
        ServerServiceDefinition service = ServerServiceDefinition.builder("test.Service")
                .addMethod(UNARY, ServerCalls.asyncUnaryCall((text, answers) -> {
                    answers.onNext("hello " + text);
                    answers.onCompleted();
                }))
                .addMethod(TALK, ServerCalls.asyncBidiStreamingCall(answers -> echo(answers, "heard ")))
                .addMethod(COLLECT, ServerCalls.asyncClientStreamingCall(GrpcTest::collect))
                .addMethod(
                        REFUSE,
                        ServerCalls.asyncUnaryCall((text, answers) -> answers.onError(Status.FAILED_PRECONDITION
                                .withDescription("not now")
                                .asRuntimeException())))
                .addMethod(HANG, ServerCalls.asyncBidiStreamingCall(answers -> {
                    ((io.grpc.stub.ServerCallStreamObserver<String>) answers).setOnCancelHandler(cancelled::countDown);
                    return echo(answers, "hang ");
                }))
                .build();
        server = NettyServerBuilder.forPort(0)
                .addService(service)
                .intercept(new ServerInterceptor() {
                    @Override
                    public <Q, A> ServerCall.Listener<Q> interceptCall(
                            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
                        calls.incrementAndGet();
                        received.add(headers);
                        return next.startCall(call, headers);
                    }
                })
                .build()
                .start();
        installation = new Installation(
                data, "limits: {idle: 400ms, keepAlive: 400ms, dataGrace: 300ms}\npublicPorts: {http: 80}");
        installation.publish("""
                site: shop
                hosts: [rpc.example]
                defaultPool: app
                pools:
                  app:
                    origins: [{url: "http://127.0.0.1:%1$d", protocol: h2c}]
                    timeouts: {connect: 300ms, firstByte: 300ms, betweenBytes: 300ms, total: 400ms, idleStream: 3s}
                  none: {origins: [{url: "http://127.0.0.1:1", protocol: h2c}], retries: {attempts: 1}}
                rules:
                  - {name: none, when: {header: {x-pool: none}}, do: [{pool: none}]}
                  - {name: denied, when: {header: {x-deny: "*"}}, do: [{deny: {status: 403}}]}
                """.formatted(server.getPort()));
        channel = NettyChannelBuilder.forAddress(
                        "127.0.0.1", installation.node().httpPort())
                .overrideAuthority("rpc.example")
                .usePlaintext()
                .build();
    }

    @AfterAll
    void stop() {
        channel.shutdownNow();
        server.shutdownNow();
        installation.close();
    }

    private static StreamObserver<String> echo(StreamObserver<String> answers, String before) {
        return new StreamObserver<>() {
            @Override
            public void onNext(String text) {
                answers.onNext(before + text);
            }

            @Override
            public void onError(Throwable broken) {
                // The client has left.
            }

            @Override
            public void onCompleted() {
                answers.onCompleted();
            }
        };
    }

    private static StreamObserver<String> collect(StreamObserver<String> answers) {
        StringBuilder all = new StringBuilder();
        return new StreamObserver<>() {
            @Override
            public void onNext(String text) {
                all.append(text);
            }

            @Override
            public void onError(Throwable broken) {
                // The client has left.
            }

            @Override
            public void onCompleted() {
                answers.onNext(all.toString());
                answers.onCompleted();
            }
        };
    }

    /** What comes back, in order; an end as its status. */
    private static final class Heard implements StreamObserver<String> {
        private final BlockingQueue<String> all = new LinkedBlockingQueue<>();

        @Override
        public void onNext(String text) {
            all.add(text);
        }

        @Override
        public void onError(Throwable broken) {
            all.add(Status.fromThrowable(broken).getCode().name());
        }

        @Override
        public void onCompleted() {
            all.add("OK");
        }

        String next() throws InterruptedException {
            String next = all.poll(15, TimeUnit.SECONDS);
            return next == null ? "nothing" : next;
        }
    }

    private ClientCall<String, String> call(MethodDescriptor<String, String> method) {
        return channel.newCall(method, CallOptions.DEFAULT);
    }

    @Test
    void callsPassWithTheirTimeoutAndTrailers() {
        String answer = ClientCalls.blockingUnaryCall(
                channel, UNARY, CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS), "you");

        assertThat(answer).isEqualTo("hello you");
        assertThat(received.getLast().get(TIMEOUT)).isNotNull();
    }

    @Test
    void anAnswerOfTrailersOnlyStaysOne() {
        int before = calls.get();

        assertThatThrownBy(() -> ClientCalls.blockingUnaryCall(channel, REFUSE, CallOptions.DEFAULT, "you"))
                .isInstanceOfSatisfying(StatusRuntimeException.class, refused -> {
                    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
                    assertThat(refused.getStatus().getDescription()).isEqualTo("not now");
                });
        assertThat(calls.get()).isEqualTo(before + 1);
    }

    @Test
    void bothSidesTalkAtTheSameTimeAndOnlySilenceOfBothIsLimited() throws Exception {
        Heard heard = new Heard();
        StreamObserver<String> talk = ClientCalls.asyncBidiStreamingCall(call(TALK), heard);
        // Far beyond each time limit but idleStream: firstByte, total, idle, keepAlive, dataGrace.
        for (int i = 0; i < 4; i++) {
            talk.onNext("word " + i);
            assertThat(heard.next()).isEqualTo("heard word " + i);
            TimeUnit.MILLISECONDS.sleep(500);
        }
        talk.onCompleted();
        assertThat(heard.next()).isEqualTo("OK");
    }

    @Test
    void aHeadMayComeLongAfterTheRequestBegan() throws Exception {
        Heard heard = new Heard();
        StreamObserver<String> words = ClientCalls.asyncClientStreamingCall(call(COLLECT), heard);
        for (String word : List.of("a", "b", "c")) {
            words.onNext(word);
            TimeUnit.MILLISECONDS.sleep(400);
        }
        words.onCompleted();
        assertThat(heard.next()).isEqualTo("abc");
        assertThat(heard.next()).isEqualTo("OK");
    }

    @Test
    void aClientThatCancelsEndsTheCallAtTheOrigin() throws Exception {
        Heard heard = new Heard();
        ClientCall<String, String> call = call(HANG);
        StreamObserver<String> talk = ClientCalls.asyncBidiStreamingCall(call, heard);
        talk.onNext("on");
        assertThat(heard.next()).isEqualTo("hang on");
        call.cancel("enough", null);
        assertThat(cancelled.await(15, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void silenceOfBothEndsTheCall() throws Exception {
        Heard heard = new Heard();
        StreamObserver<String> talk = ClientCalls.asyncBidiStreamingCall(call(TALK), heard);
        talk.onNext("hello");
        assertThat(heard.next()).isEqualTo("heard hello");
        assertThat(heard.next()).isIn("CANCELLED", "INTERNAL", "UNAVAILABLE", "UNKNOWN");
    }

    @Test
    void errorsOfTheNodeAreToldInGrpcsOwnWords() {
        assertThat(refusal("x-pool", "none").getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(refusal("x-deny", "1").getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
        assertThat(refusal("x-deny", "1").getDescription()).isEqualTo("This request is not allowed.");
    }

    private Status refusal(String name, String value) {
        Metadata metadata = new Metadata();
        metadata.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value);
        metadata.put(EXTRA, "1");
        var marked = io.grpc.ClientInterceptors.intercept(
                channel, io.grpc.stub.MetadataUtils.newAttachHeadersInterceptor(metadata));
        try {
            ClientCalls.blockingUnaryCall(marked, UNARY, CallOptions.DEFAULT, "you");
            throw new AssertionError("was not refused");
        } catch (StatusRuntimeException refused) {
            return refused.getStatus();
        }
    }

    @Test
    void aLargeStreamPassesBothWaysWithBackPressure() throws Exception {
        String megabyte = "x".repeat(1 << 20);
        Heard heard = new Heard();
        StreamObserver<String> talk = ClientCalls.asyncBidiStreamingCall(call(TALK), heard);
        for (int i = 0; i < 16; i++) {
            talk.onNext(megabyte);
        }
        for (int i = 0; i < 16; i++) {
            assertThat(heard.next()).hasSize(megabyte.length() + 6);
        }
        talk.onCompleted();
        assertThat(heard.next()).isEqualTo("OK");
    }
}
