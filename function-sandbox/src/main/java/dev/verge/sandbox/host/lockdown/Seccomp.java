package dev.verge.sandbox.host.lockdown;

import dev.verge.sandbox.host.lockdown.Rule.Allow;
import dev.verge.sandbox.host.lockdown.Rule.AllowMasked;
import dev.verge.sandbox.host.lockdown.Rule.AllowOneOf;
import dev.verge.sandbox.host.lockdown.Rule.AllowZero;
import dev.verge.sandbox.host.lockdown.Rule.Fail;
import dev.verge.sandbox.host.lockdown.Rule.Kill;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * A filter of system calls as a program of the kernel's classic packet filter (seccomp(2)). Its input is the call's number, the
 * architecture, and six arguments of 64 bits.
 */
final class Seccomp {
    static final int ALLOW = 0x7fff0000;
    static final int KILL_PROCESS = 0x80000000;
    static final int ERRNO = 0x00050000;

    /** Load a word of the input; jump if equal; jump if greater or equal; and with a constant; return. */
    static final int LOAD = 0x20;

    static final int JUMP_EQUAL = 0x15;
    static final int JUMP_AT_LEAST = 0x35;
    static final int AND = 0x54;
    static final int RETURN = 0x06;

    private static final int NUMBER_AT = 0;
    private static final int ARCHITECTURE_AT = 4;
    private static final int ARGUMENTS_AT = 16;

    /** On x86-64 numbers from here are of an ABI that nothing here uses, and that would go around the list. */
    private static final int X32 = 0x40000000;

    /** Bytes of an instruction. */
    static final int INSTRUCTION_BYTES = 8;

    /**
     * One instruction.
     *
     * @param whenTrue instructions to skip when a jump's condition holds
     * @param whenFalse the same when it does not
     */
    record Instruction(int code, int whenTrue, int whenFalse, int constant) {}

    private Seccomp() {}

    /** The program for the rules; what has no rule fails with EPERM. */
    static List<Instruction> program(Architecture architecture, List<Rule> rules) {
        List<Instruction> program = new ArrayList<>();
        program.add(load(ARCHITECTURE_AT));
        program.add(new Instruction(JUMP_EQUAL, 1, 0, architecture.auditCode()));
        program.add(returns(KILL_PROCESS));
        program.add(load(NUMBER_AT));
        if (architecture == Architecture.X86_64) {
            program.add(new Instruction(JUMP_AT_LEAST, 0, 1, X32));
            program.add(returns(KILL_PROCESS));
        }
        for (Rule rule : rules) {
            int number = rule.call().number(architecture);
            if (number >= 0) {
                List<Instruction> verdict = verdict(rule.verdict());
                program.add(new Instruction(JUMP_EQUAL, 0, verdict.size(), number));
                program.addAll(verdict);
            }
        }
        program.add(returns(ERRNO | Policy.EPERM));
        return List.copyOf(program);
    }

    private static List<Instruction> verdict(Rule.Verdict verdict) {
        Instruction fails = returns(ERRNO | Policy.EPERM);
        return switch (verdict) {
            case Allow() -> List.of(returns(ALLOW));
            case Kill() -> List.of(returns(KILL_PROCESS));
            case Fail(int errno) -> List.of(returns(ERRNO | errno));
            case AllowMasked(int argument, int mask, int value) ->
                List.of(
                        load(low(argument)),
                        new Instruction(AND, 0, 0, mask),
                        new Instruction(JUMP_EQUAL, 0, 1, value),
                        returns(ALLOW),
                        fails);
            case AllowZero(int argument) ->
                List.of(
                        load(low(argument)),
                        new Instruction(JUMP_EQUAL, 0, 3, 0),
                        load(low(argument) + 4),
                        new Instruction(JUMP_EQUAL, 0, 1, 0),
                        returns(ALLOW),
                        fails);
            case AllowOneOf(int argument, List<Integer> values) -> {
                List<Instruction> steps = new ArrayList<>();
                steps.add(load(low(argument)));
                for (int i = 0; i < values.size(); i++) {
                    steps.add(new Instruction(JUMP_EQUAL, values.size() - i, 0, values.get(i)));
                }
                steps.add(fails);
                steps.add(returns(ALLOW));
                yield steps;
            }
        };
    }

    private static int low(int argument) {
        return ARGUMENTS_AT + 8 * argument;
    }

    private static Instruction load(int at) {
        return new Instruction(LOAD, 0, 0, at);
    }

    private static Instruction returns(int value) {
        return new Instruction(RETURN, 0, 0, value);
    }

    /** The program as the kernel reads it: u16 code, u8 and u8 jumps, u32 constant. */
    static byte[] bytes(List<Instruction> program) {
        ByteBuffer out = ByteBuffer.allocate(program.size() * INSTRUCTION_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (Instruction step : program) {
            out.putShort((short) step.code())
                    .put((byte) step.whenTrue())
                    .put((byte) step.whenFalse())
                    .putInt(step.constant());
        }
        return out.array();
    }
}
