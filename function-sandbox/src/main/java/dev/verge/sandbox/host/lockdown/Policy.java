package dev.verge.sandbox.host.lockdown;

import static dev.verge.sandbox.host.lockdown.Syscall.*;

import dev.verge.sandbox.host.lockdown.Rule.Allow;
import dev.verge.sandbox.host.lockdown.Rule.AllowMasked;
import dev.verge.sandbox.host.lockdown.Rule.AllowOneOf;
import dev.verge.sandbox.host.lockdown.Rule.AllowZero;
import dev.verge.sandbox.host.lockdown.Rule.Fail;
import dev.verge.sandbox.host.lockdown.Rule.Kill;
import dev.verge.sandbox.host.lockdown.Rule.Verdict;
import java.util.ArrayList;
import java.util.List;

/**
 * What a host may ask of the kernel: memory, threads of its own, clocks, reading, and writing to what is open already. Everything that
 * is not named fails with EPERM; what only an attacker asks for ends the process.
 */
final class Policy {
    static final int EPERM = 1;
    static final int ENOSYS = 38;

    /** O_WRONLY | O_RDWR | O_CREAT | O_TRUNC | O_TMPFILE's own bit: an open with any of these could change a file. */
    private static final int OPEN_FOR_CHANGE = 0x1 | 0x2 | 0x40 | 0x200 | 0x400000;

    /** All CLONE_NEW… flags and CLONE_PTRACE, CLONE_VFORK, CLONE_PARENT: not for a thread. */
    private static final int NOT_FOR_A_THREAD = 0x7E020000 | 0x80 | 0x2000 | 0x4000 | 0x8000;

    /** CLONE_VM | CLONE_SIGHAND | CLONE_THREAD. */
    private static final int A_THREAD = 0x100 | 0x800 | 0x10000;

    private static final int FIONREAD = 0x541B;
    private static final int TCGETS = 0x5401;
    private static final int PR_SET_NAME = 15;
    private static final int PR_GET_NAME = 16;

    /** F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_DUPFD_CLOEXEC: without the ones that send signals to others. */
    private static final List<Integer> FCNTL_COMMANDS = List.of(0, 1, 2, 3, 4, 1030);

    private Policy() {}

    /**
     * The rules, the frequent calls first.
     *
     * @param pid of the process, which may signal its own threads and nobody else
     */
    static List<Rule> rules(int pid) {
        List<Rule> rules = new ArrayList<>();
        all(
                rules,
                new Allow(),
                FUTEX,
                READ,
                WRITE,
                WRITEV,
                READV,
                EPOLL_WAIT,
                EPOLL_PWAIT,
                EPOLL_CTL,
                EPOLL_CREATE1,
                EVENTFD2,
                CLOCK_GETTIME,
                CLOCK_NANOSLEEP,
                MPROTECT,
                MMAP,
                MUNMAP,
                MADVISE,
                MREMAP,
                BRK,
                POLL,
                PPOLL,
                RT_SIGRETURN,
                RT_SIGPROCMASK,
                RT_SIGACTION,
                SIGALTSTACK,
                SCHED_YIELD,
                NANOSLEEP,
                GETRUSAGE,
                TIMES,
                GETTIMEOFDAY,
                TIME,
                CLOCK_GETRES,
                GETTID,
                GETPID,
                GETPPID,
                GETUID,
                GETGID,
                GETEUID,
                GETEGID,
                GETCPU,
                SCHED_GETAFFINITY,
                SET_ROBUST_LIST,
                SET_TID_ADDRESS,
                RSEQ,
                RESTART_SYSCALL,
                MEMBARRIER,
                GETRANDOM,
                EXIT,
                EXIT_GROUP,
                CLOSE,
                LSEEK,
                PREAD64,
                PWRITE64,
                DUP,
                DUP2,
                DUP3,
                SHUTDOWN,
                STAT,
                FSTAT,
                LSTAT,
                NEWFSTATAT,
                STATX,
                ACCESS,
                FACCESSAT,
                FACCESSAT2,
                READLINK,
                READLINKAT,
                GETDENTS64,
                GETCWD,
                GETRLIMIT,
                UNAME,
                SYSINFO);
        rules.add(new Rule(CLONE, new AllowMasked(0, A_THREAD | NOT_FOR_A_THREAD, A_THREAD)));
        // Its flags are in memory, where a filter cannot look; the C library then takes clone.
        rules.add(new Rule(CLONE3, new Fail(ENOSYS)));
        rules.add(new Rule(OPENAT, new AllowMasked(2, OPEN_FOR_CHANGE, 0)));
        rules.add(new Rule(OPEN, new AllowMasked(1, OPEN_FOR_CHANGE, 0)));
        rules.add(new Rule(OPENAT2, new Fail(ENOSYS)));
        rules.add(new Rule(TGKILL, new AllowMasked(0, -1, pid)));
        rules.add(new Rule(PRLIMIT64, new AllowZero(2)));
        rules.add(new Rule(FCNTL, new AllowOneOf(1, FCNTL_COMMANDS)));
        rules.add(new Rule(IOCTL, new AllowOneOf(1, List.of(FIONREAD, TCGETS))));
        rules.add(new Rule(PRCTL, new AllowOneOf(0, List.of(PR_SET_NAME, PR_GET_NAME))));
        all(
                rules,
                new Kill(),
                EXECVE,
                EXECVEAT,
                PTRACE,
                PROCESS_VM_READV,
                PROCESS_VM_WRITEV,
                PIDFD_GETFD,
                BPF,
                PERF_EVENT_OPEN,
                USERFAULTFD,
                IO_URING_SETUP,
                IO_URING_ENTER,
                IO_URING_REGISTER,
                ADD_KEY,
                REQUEST_KEY,
                KEYCTL,
                MOUNT,
                UMOUNT2,
                PIVOT_ROOT,
                CHROOT,
                OPEN_TREE,
                MOVE_MOUNT,
                FSOPEN,
                MOUNT_SETATTR,
                OPEN_BY_HANDLE_AT,
                SETNS,
                UNSHARE,
                INIT_MODULE,
                FINIT_MODULE,
                DELETE_MODULE,
                KEXEC_LOAD,
                KEXEC_FILE_LOAD,
                REBOOT,
                SWAPON,
                SWAPOFF);
        return List.copyOf(rules);
    }

    private static void all(List<Rule> rules, Verdict verdict, Syscall... calls) {
        for (Syscall call : calls) {
            rules.add(new Rule(call, verdict));
        }
    }
}
