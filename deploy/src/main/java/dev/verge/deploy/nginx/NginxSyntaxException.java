package dev.verge.deploy.nginx;

/** The text is no nginx configuration, or more than is read; the message names file and line. */
public final class NginxSyntaxException extends Exception {
    private static final long serialVersionUID = 1;

    NginxSyntaxException(String file, int line, String problem) {
        super(file + ":" + line + ": " + problem, null, false, false);
    }
}
