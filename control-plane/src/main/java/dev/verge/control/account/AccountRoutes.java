package dev.verge.control.account;

import dev.verge.control.access.AccountTable;
import dev.verge.control.access.Principal;
import dev.verge.control.access.Secrets;
import dev.verge.control.access.TokenTable;
import dev.verge.control.api.AuditTable;
import dev.verge.control.api.Call;
import dev.verge.control.api.Outcome;
import dev.verge.control.api.Problems;
import dev.verge.control.api.Reply;
import dev.verge.control.api.Route;
import dev.verge.control.log.LogTable;
import dev.verge.control.resource.AccountLimits;
import dev.verge.control.resource.AccountOrder;
import dev.verge.control.resource.AccountView;
import dev.verge.control.resource.AuditLine;
import dev.verge.control.resource.Scope;
import dev.verge.control.resource.TokenMade;
import dev.verge.control.resource.TokenOrder;
import dev.verge.control.resource.TokenView;
import dev.verge.control.resource.WhoAmI;
import dev.verge.control.store.Session;
import dev.verge.sync.binding.RecordJson;
import dev.verge.sync.log.AccountEntry;
import dev.verge.sync.log.AccountQuotas;
import dev.verge.sync.log.Keys;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** Accounts and tokens over the API, and what was done with them. */
public final class AccountRoutes {

    /** The declared routes. */
    public List<Route> routes() {
        return List.of(
                Route.get(
                        "/whoami",
                        "whoAmI",
                        null,
                        "Whose token this is, and what it may do.",
                        Route.Answer.of(200, WhoAmI.class),
                        AccountRoutes::whoAmI),
                Route.post(
                        "/tokens",
                        "createToken",
                        Scope.ADMIN,
                        "Makes a token within the caller's own scopes and lifetime; shown only here.",
                        new Route.Body.Json(TokenOrder.class),
                        Route.Answer.of(201, TokenMade.class),
                        AccountRoutes::createToken),
                Route.get(
                        "/tokens",
                        "listTokens",
                        Scope.ADMIN,
                        "The account's live tokens.",
                        Route.Answer.page(TokenView.class),
                        call -> call.page(
                                TokenView::id,
                                (session, paging) -> TokenTable.list(
                                        session, call.account(), paging.after(), paging.rows(), call.now()))),
                Route.delete(
                        "/tokens/{id}",
                        "deleteToken",
                        Scope.ADMIN,
                        "Revokes a token, at once.",
                        AccountRoutes::deleteToken),
                Route.post(
                        "/accounts",
                        "createAccount",
                        Scope.OPERATOR,
                        "Makes an account.",
                        new Route.Body.Json(AccountOrder.class),
                        Route.Answer.of(201, AccountView.class),
                        AccountRoutes::createAccount),
                Route.get(
                        "/accounts",
                        "listAccounts",
                        Scope.OPERATOR,
                        "All accounts.",
                        Route.Answer.page(AccountView.class),
                        call -> call.page(
                                AccountView::name,
                                (session, paging) -> AccountTable.list(session, paging.after(), paging.rows()))),
                Route.delete(
                                "/accounts/{name}",
                                "deleteAccount",
                                Scope.OPERATOR,
                                "Removes an account with its tokens, which end at once. One that holds sites, functions,"
                                        + " certificates or kv keys is refused, unless force=true says that they go too, from"
                                        + " the store and from every node. Its audit lines become the caller's account's.",
                                AccountRoutes::deleteAccount)
                        .reading("force"),
                Route.get(
                        "/accounts/{name}/limits",
                        "getAccountLimits",
                        Scope.OPERATOR,
                        "What an account may have at most, where that is less than the platform's ceilings.",
                        Route.Answer.of(200, AccountLimits.class),
                        call -> Reply.ok(call.<AccountLimits>read(
                                session -> AccountTable.limits(session, account(session, call))))),
                Route.put(
                        "/accounts/{name}/limits",
                        "putAccountLimits",
                        Scope.OPERATOR,
                        "Replaces what an account may have at most; a field left out has the platform's ceiling.",
                        new Route.Body.Json(AccountLimits.class),
                        Route.Answer.of(200, AccountLimits.class),
                        AccountRoutes::putLimits),
                Route.get(
                        "/audit",
                        "listAudit",
                        Scope.ADMIN,
                        "The account's changes, newest first.",
                        Route.Answer.page(AuditLine.class),
                        call -> call.page(
                                line -> Long.toString(line.id()),
                                (session, paging) -> AuditTable.list(
                                        session,
                                        call.account(),
                                        paging.numberAfter().orElse(Long.MAX_VALUE),
                                        paging.rows()))));
    }

    private static Reply whoAmI(Call call) {
        Principal principal = call.principal();
        return Reply.ok(new WhoAmI(
                principal.tokenId(), principal.name(), principal.account(), principal.scopes(), principal.expiresAt()));
    }

    private static Reply createToken(Call call) {
        TokenOrder order = call.bind(TokenOrder.class);
        Principal principal = call.principal();
        String account = order.account() == null ? call.account() : order.account();
        if (!account.equals(call.account()) && !principal.operator()) {
            throw Problems.notFound("such account");
        }
        for (Scope scope : order.scopes()) {
            if (!principal.may(scope)) {
                throw Problems.forbidden(
                        "A token makes only tokens within its own scopes; this one has not " + scope.word() + ".");
            }
        }
        Instant expiresAt = call.now().plus(order.expiresIn());
        if (principal.expiresAt() != null && expiresAt.isAfter(principal.expiresAt())) {
            throw Problems.mistake(
                    "expiresIn",
                    order.expiresIn().toSeconds() + "s",
                    "a token makes only tokens that expire before itself, at " + principal.expiresAt(),
                    "name a shorter lifetime");
        }
        return call.commit(session -> {
            if (!AccountTable.exists(session, account)) {
                throw Problems.notFound("such account");
            }
            if (TokenTable.named(session, account, order.name(), call.now())) {
                throw Problems.conflict(
                        "A live token of the account has this name; choose another, or revoke that one.");
            }
            String id = Secrets.id();
            String token = Secrets.token("vrg");
            TokenTable.insert(session, id, token, account, order.name(), order.scopes(), call.now(), expiresAt);
            return Outcome.kept(
                    Reply.json(201, new TokenMade(id, token, account, order.scopes(), expiresAt))
                            .asSecret(),
                    "made token " + order.name() + " of account " + account + " with scopes "
                            + order.scopes().stream().map(Scope::word).toList());
        });
    }

    private static Reply deleteToken(Call call) {
        return call.commit(session -> {
            TokenView token = TokenTable.find(session, call.account(), call.parameter("id"), call.now())
                    .orElseThrow(() -> Problems.notFound("such token"));
            boolean operator = token.scopes().contains(Scope.OPERATOR);
            if (operator && !call.principal().operator()) {
                throw Problems.forbidden("Only an operator revokes an operator's token.");
            }
            if (operator && TokenTable.operators(session, call.now()) == 1) {
                throw Problems.conflict("This is the last operator's token; make another one first.");
            }
            TokenTable.revoke(session, token.id(), call.now());
            return Outcome.kept(Reply.empty(204), "revoked token " + token.name());
        });
    }

    private static String account(Session session, Call call) {
        String name = call.parameter("name");
        if (!AccountTable.exists(session, name)) {
            throw Problems.notFound("such account");
        }
        return name;
    }

    private static Reply putLimits(Call call) {
        AccountLimits limits = call.bind(AccountLimits.class);
        return call.commit(session -> {
            String account = account(session, call);
            Reply reply = Reply.ok(limits);
            AccountLimits before = AccountTable.limits(session, account);
            if (before.equals(limits)) {
                return Outcome.unchanged(reply);
            }
            AccountTable.setLimits(session, account, limits, call.now());
            String change = "set limits of account " + account + " to " + RecordJson.write(limits);
            if (before.quotas().equals(limits.quotas())) {
                return Outcome.kept(reply, change);
            }
            AccountQuotas quotas = limits.quotas();
            long revision = LogTable.append(
                    session,
                    List.of(
                            quotas.equals(AccountQuotas.NONE)
                                    ? LogTable.Change.remove(Keys.account(account))
                                    : LogTable.Change.put(new AccountEntry(account, quotas))));
            return Outcome.logged(reply, revision, change);
        });
    }

    private static Reply deleteAccount(Call call) {
        boolean force = call.flag("force").orElse(false);
        return call.commit(session -> {
            String account = account(session, call);
            if (account.equals(AccountTable.DEFAULT)) {
                throw Problems.conflict("The account default is the platform's own and stays.");
            }
            if (account.equals(call.account())
                    || account.equals(call.principal().account())) {
                throw Problems.conflict("No account removes itself; call as another one.");
            }
            Map<String, Long> held = Farewell.holdings(session, account);
            if (!held.isEmpty() && !force) {
                throw Problems.conflict("The account still holds "
                        + held.entrySet().stream()
                                .map(each -> each.getKey() + " (" + each.getValue() + ")")
                                .collect(Collectors.joining(", "))
                        + "; delete them first, or send force=true to remove them too.");
            }
            OptionalLong revision = Farewell.remove(session, account, call.account());
            String change = "deleted account " + account
                    + (held.isEmpty() ? "" : " with its " + String.join(", ", held.keySet()));
            Reply reply = Reply.empty(204);
            return revision.isEmpty()
                    ? Outcome.kept(reply, change)
                    : Outcome.logged(
                            reply.with("Verge-Revision", Long.toString(revision.getAsLong())),
                            revision.getAsLong(),
                            change);
        });
    }

    private static Reply createAccount(Call call) {
        AccountOrder order = call.bind(AccountOrder.class);
        return call.commit(session -> {
            if (AccountTable.exists(session, order.name())) {
                throw Problems.conflict("There is an account of this name already.");
            }
            AccountTable.insert(session, order.name(), call.now());
            return Outcome.kept(
                    Reply.json(201, new AccountView(order.name(), call.now())), "made account " + order.name());
        });
    }
}
