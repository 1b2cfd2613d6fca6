package dev.verge.deploy.supervisor;

import java.nio.file.Path;

/**
 * What {@code verge up} was asked for.
 *
 * @param data folder that keeps everything from one start to the next
 * @param http first node's port for HTTP; node {@code i} adds {@code 10 * i} here and to the next two
 * @param https first node's port for TLS
 * @param api control plane's port
 * @param admin first node's admin port
 * @param origins first demo origin's port; the second has the next one
 * @param nodes how many edge nodes, 1 to 50
 * @param demo whether to start the demo origins and publish the demo site
 * @param restart whether a part that dies is started again
 * @param fresh whether to empty the data folder first
 */
public record UpOptions(
        Path data,
        int http,
        int https,
        int api,
        int admin,
        int origins,
        int nodes,
        boolean demo,
        boolean restart,
        boolean fresh) {
    /** Between one node's ports and the next one's. */
    static final int NODE_STRIDE = 10;

    static final int DEMO_ORIGINS = 2;

    int http(int node) {
        return http + NODE_STRIDE * node;
    }

    int https(int node) {
        return https + NODE_STRIDE * node;
    }

    int admin(int node) {
        return admin + NODE_STRIDE * node;
    }
}
