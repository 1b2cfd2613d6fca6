package dev.verge.cache.http;

/**
 * A final response without its body.
 *
 * @param status 200–599
 */
public record ResponseHead(int status, HttpFields fields) {
    public ResponseHead withFields(HttpFields changed) {
        return new ResponseHead(status, changed);
    }
}
