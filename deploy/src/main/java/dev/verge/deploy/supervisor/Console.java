package dev.verge.deploy.supervisor;

import java.io.PrintStream;

/** What the person at the terminal, or the script that reads along, is told: whole lines, one at a time. */
public final class Console {
    private final PrintStream out;

    public Console(PrintStream out) {
        this.out = out;
    }

    synchronized void line(String line) {
        out.println(line);
        out.flush();
    }
}
