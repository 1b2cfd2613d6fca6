package dev.verge.sandbox.host.lockdown;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The filter's program, run here as the kernel runs it, on both architectures. */
class SeccompTest {
    private static final int PID = 4711;
    private static final int REFUSED = Seccomp.ERRNO | Policy.EPERM;

    private static int run(Architecture architecture, int audit, int number, long... arguments) {
        ByteBuffer input = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
        input.putInt(number).putInt(audit).putLong(0);
        for (long argument : arguments) {
            input.putLong(argument);
        }
        List<Seccomp.Instruction> program = Seccomp.program(architecture, Policy.rules(PID));
        int accumulator = 0;
        for (int at = 0; ; at++) {
            Seccomp.Instruction step = program.get(at);
            switch (step.code()) {
                case Seccomp.LOAD -> accumulator = input.getInt(step.constant());
                case Seccomp.AND -> accumulator &= step.constant();
                case Seccomp.JUMP_EQUAL -> at += accumulator == step.constant() ? step.whenTrue() : step.whenFalse();
                case Seccomp.JUMP_AT_LEAST ->
                    at += Integer.compareUnsigned(accumulator, step.constant()) >= 0
                            ? step.whenTrue()
                            : step.whenFalse();
                case Seccomp.RETURN -> {
                    return step.constant();
                }
                default -> throw new AssertionError("no such instruction: " + step);
            }
        }
    }

    private static int run(Architecture architecture, Syscall call, long... arguments) {
        int number = call.number(architecture);
        return number < 0 ? REFUSED : run(architecture, architecture.auditCode(), number, arguments);
    }

    @ParameterizedTest
    @EnumSource
    void letsAVirtualMachineGoOn(Architecture on) {
        for (Syscall call : List.of(
                Syscall.READ,
                Syscall.WRITE,
                Syscall.FUTEX,
                Syscall.MMAP,
                Syscall.MPROTECT,
                Syscall.CLOCK_GETTIME,
                Syscall.TIMES,
                Syscall.GETRANDOM,
                Syscall.EXIT_GROUP)) {
            assertThat(run(on, call)).as(call.name()).isEqualTo(Seccomp.ALLOW);
        }
    }

    @ParameterizedTest
    @EnumSource
    void refusesNetworkProcessesAndTheUnknown(Architecture on) {
        for (Syscall call : List.of(
                Syscall.SOCKET,
                Syscall.CONNECT,
                Syscall.BIND,
                Syscall.FORK,
                Syscall.VFORK,
                Syscall.KILL,
                Syscall.MEMFD_CREATE,
                Syscall.MEMFD_SECRET,
                Syscall.PIDFD_OPEN,
                Syscall.PIDFD_SEND_SIGNAL,
                Syscall.SECCOMP,
                Syscall.CAPSET)) {
            assertThat(run(on, call)).as(call.name()).isEqualTo(REFUSED);
        }
        for (int number = 448; number < 600; number++) {
            assertThat(run(on, on.auditCode(), number)).isEqualTo(REFUSED);
        }
    }

    @ParameterizedTest
    @EnumSource
    void endsAProcessThatAsksForWhatOnlyAnAttackerNeeds(Architecture on) {
        for (Syscall call : List.of(
                Syscall.EXECVE,
                Syscall.EXECVEAT,
                Syscall.PTRACE,
                Syscall.BPF,
                Syscall.MOUNT,
                Syscall.UNSHARE,
                Syscall.SETNS,
                Syscall.IO_URING_SETUP,
                Syscall.PERF_EVENT_OPEN,
                Syscall.PROCESS_VM_READV,
                Syscall.PROCESS_VM_WRITEV,
                Syscall.KEYCTL,
                Syscall.USERFAULTFD)) {
            assertThat(run(on, call)).as(call.name()).isEqualTo(Seccomp.KILL_PROCESS);
        }
    }

    @ParameterizedTest
    @EnumSource
    void endsAProcessThatCallsInAnotherAbi(Architecture on) {
        for (Architecture other : Architecture.values()) {
            if (other != on) {
                assertThat(run(on, other.auditCode(), Syscall.READ.number(on))).isEqualTo(Seccomp.KILL_PROCESS);
            }
        }
        if (on == Architecture.X86_64) {
            assertThat(run(on, on.auditCode(), 0x40000000)).isEqualTo(Seccomp.KILL_PROCESS);
        }
    }

    @ParameterizedTest
    @EnumSource
    void letsOpenForReadingOnly(Architecture on) {
        assertThat(run(on, Syscall.OPENAT, -100, 1, 0x80000)).isEqualTo(Seccomp.ALLOW);
        for (long flags : new long[] {1, 2, 0x40, 0x200, 0x400000 | 2, 0x80000 | 0x41}) {
            assertThat(run(on, Syscall.OPENAT, -100, 1, flags))
                    .as("flags %x", flags)
                    .isEqualTo(REFUSED);
        }
        if (on == Architecture.X86_64) {
            assertThat(run(on, Syscall.OPEN, 1, 0)).isEqualTo(Seccomp.ALLOW);
            assertThat(run(on, Syscall.OPEN, 1, 0x41)).isEqualTo(REFUSED);
        }
        assertThat(run(on, Syscall.OPENAT2)).isEqualTo(Seccomp.ERRNO | Policy.ENOSYS);
    }

    @ParameterizedTest
    @EnumSource
    void letsStartThreadsOnly(Architecture on) {
        assertThat(run(on, Syscall.CLONE, 0x3d0f00)).isEqualTo(Seccomp.ALLOW);
        for (long flags : new long[] {17, 0x4111, 0x3d0f00 | 0x10000000, 0x3d0f00 | 0x40000000, 0x3d0f00 | 0x80}) {
            assertThat(run(on, Syscall.CLONE, flags)).as("flags %x", flags).isEqualTo(REFUSED);
        }
        assertThat(run(on, Syscall.CLONE3)).isEqualTo(Seccomp.ERRNO | Policy.ENOSYS);
    }

    @ParameterizedTest
    @EnumSource
    void letsSignalOwnThreadsOnly(Architecture on) {
        assertThat(run(on, Syscall.TGKILL, PID, 12, 10)).isEqualTo(Seccomp.ALLOW);
        assertThat(run(on, Syscall.TGKILL, PID + 1, 12, 10)).isEqualTo(REFUSED);
        assertThat(run(on, Syscall.FCNTL, 5, 8, PID + 1)).as("F_SETOWN").isEqualTo(REFUSED);
        assertThat(run(on, Syscall.FCNTL, 5, 4, 0x800)).as("F_SETFL").isEqualTo(Seccomp.ALLOW);
    }

    @ParameterizedTest
    @EnumSource
    void letsReadLimitsButNotSetThem(Architecture on) {
        assertThat(run(on, Syscall.PRLIMIT64, 0, 3, 0, 1)).isEqualTo(Seccomp.ALLOW);
        assertThat(run(on, Syscall.PRLIMIT64, 0, 3, 1, 0)).isEqualTo(REFUSED);
        assertThat(run(on, Syscall.PRLIMIT64, 0, 3, 1L << 32, 0)).isEqualTo(REFUSED);
        assertThat(run(on, Syscall.PRCTL, 4, 1)).as("PR_SET_DUMPABLE").isEqualTo(REFUSED);
        assertThat(run(on, Syscall.IOCTL, 0, 0x5412)).as("TIOCSTI").isEqualTo(REFUSED);
    }
}
