package dev.verge.control.rollout;

import dev.verge.sync.document.Placement;
import dev.verge.sync.server.NodeAnswer;
import dev.verge.sync.server.NodeRegistry;
import dev.verge.sync.server.NodeState;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How the connected nodes stand that have something before others.
 *
 * @param answers of those nodes to it
 */
public record FirstNodes(List<NodeAnswer> answers) {

    /**
     * As they stand now.
     *
     * @param groups of nodes that have it first
     * @param revision of the entry that gave it to them
     * @param placement of the entry
     */
    public static FirstNodes of(
            NodeRegistry nodes, Collection<String> groups, String key, long revision, Placement placement) {
        Set<String> names = nodes.all().stream()
                .filter(node -> node.groups().stream().anyMatch(groups::contains))
                .map(NodeState::node)
                .collect(Collectors.toSet());
        return new FirstNodes(nodes.answers(key, revision, placement).stream()
                .filter(answer -> answer.connected() && names.contains(answer.node()))
                .toList());
    }

    /** Which of them refused it and why, in words; empty when none did. */
    public Optional<String> refusal() {
        return answers.stream()
                .filter(answer -> answer.state() == NodeAnswer.State.REFUSED)
                .findFirst()
                .map(answer -> "node " + answer.node() + " refused it: " + answer.reason());
    }

    /** Why it may not go everywhere yet, in words: what nobody has tried proves nothing. Empty when all of them have it. */
    public Optional<String> missing() {
        if (answers.isEmpty()) {
            return Optional.of("no node of its groups is connected");
        }
        String pending = answers.stream()
                .filter(answer -> answer.state() == NodeAnswer.State.PENDING)
                .map(NodeAnswer::node)
                .collect(Collectors.joining(", "));
        return pending.isEmpty() ? Optional.empty() : Optional.of("not applied yet by " + pending);
    }
}
