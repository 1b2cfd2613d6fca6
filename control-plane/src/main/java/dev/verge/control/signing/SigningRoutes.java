package dev.verge.control.signing;

import dev.verge.control.api.Call;
import dev.verge.control.api.Outcome;
import dev.verge.control.api.Problems;
import dev.verge.control.api.Reply;
import dev.verge.control.api.Route;
import dev.verge.control.resource.Scope;
import dev.verge.control.resource.SigningKeyView;
import java.util.List;

/** Signing keys over the API: the operator's only. */
public final class SigningRoutes {
    private final KeyChain keys;

    /** Routes to these keys. */
    public SigningRoutes(KeyChain keys) {
        this.keys = keys;
    }

    /** The declared routes. */
    public List<Route> routes() {
        return List.of(
                Route.get(
                        "/signing-keys",
                        "listSigningKeys",
                        Scope.OPERATOR,
                        "The keys that the log is signed with.",
                        Route.Answer.page(SigningKeyView.class),
                        call -> call.page(
                                SigningRoutes::cursor,
                                (session, paging) -> SigningKeyTable.all(session).stream()
                                        .filter(key -> key.number() > number(paging.after()))
                                        .limit(paging.rows())
                                        .map(SigningRoutes::view)
                                        .toList())),
                Route.post(
                        "/signing-keys",
                        "createSigningKey",
                        Scope.OPERATOR,
                        "Makes another key, which the one before vouches for, and signs with it from now on.",
                        new Route.Body.None(),
                        Route.Answer.of(201, SigningKeyView.class),
                        this::create),
                Route.delete(
                        "/signing-keys/{number}",
                        "retireSigningKey",
                        Scope.OPERATOR,
                        "Retires a key: nodes refuse what is signed with it. Not the newest one.",
                        this::retire));
    }

    private Reply create(Call call) {
        return call.commit(session -> {
            long revision = keys.announce(session, call.now());
            SigningKeyView view = view(SigningKeyTable.all(session).getLast());
            return Outcome.logged(Reply.json(201, view), revision, "made signing key " + view.number());
        });
    }

    private Reply retire(Call call) {
        int number = number(call.parameter("number"));
        return call.commit(session -> {
            List<SigningKeyTable.Stored> all = SigningKeyTable.all(session);
            SigningKeyTable.Stored key = all.stream()
                    .filter(each -> each.number() == number)
                    .findFirst()
                    .orElseThrow(() -> Problems.notFound("such signing key"));
            if (number == all.getLast().number()) {
                throw Problems.conflict("The newest key signs what is new. Make another one first.");
            }
            if (key.retiredAt() != null) {
                return Outcome.unchanged(Reply.empty(204));
            }
            long revision = keys.retire(session, key.entry(), call.now());
            return Outcome.logged(Reply.empty(204), revision, "retired signing key " + number);
        });
    }

    private static int number(String text) {
        return text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : 0;
    }

    private static String cursor(SigningKeyView key) {
        return Integer.toString(key.number());
    }

    private static SigningKeyView view(SigningKeyTable.Stored key) {
        return new SigningKeyView(key.number(), key.publicKey(), key.fromRevision(), key.createdAt(), key.retiredAt());
    }
}
