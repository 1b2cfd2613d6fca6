package dev.verge.deploy.nginx;

import java.util.HashMap;
import java.util.Map;

/** Why directives that no document can hold are not in one. */
final class Unsaid {
    private static final String NODE = "a setting of the node, for all sites: see node.yaml";
    private static final String OWN = "not needed: Verge does this by itself";
    private static final String FILES = "Verge serves no files: put a file server behind it as an origin";

    private static final Map<String, String> REASONS = new HashMap<>();

    static {
        put(
                NODE,
                "worker_processes",
                "worker_connections",
                "worker_rlimit_nofile",
                "events",
                "user",
                "pid",
                "use",
                "multi_accept");
        put(
                NODE,
                "access_log",
                "error_log",
                "log_format",
                "proxy_cache_path",
                "resolver",
                "resolver_timeout",
                "set_real_ip_from");
        put(
                NODE,
                "real_ip_header",
                "real_ip_recursive",
                "client_header_timeout",
                "client_body_timeout",
                "keepalive_timeout");
        put(NODE, "keepalive_requests", "client_header_buffer_size", "large_client_header_buffers", "send_timeout");
        put(NODE + " (limits)", "client_max_body_size");
        put(OWN, "sendfile", "tcp_nopush", "tcp_nodelay", "proxy_http_version", "proxy_buffering", "proxy_buffers");
        put(
                OWN,
                "proxy_buffer_size",
                "proxy_busy_buffers_size",
                "proxy_request_buffering",
                "types_hash_max_size",
                "keepalive");
        put(
                OWN,
                "server_tokens",
                "proxy_ssl_server_name",
                "proxy_cache_revalidate",
                "proxy_cache_background_update",
                "zone");
        put(
                OWN,
                "gzip_vary",
                "gzip_proxied",
                "gzip_comp_level",
                "gzip_http_version",
                "gzip_buffers",
                "proxy_socket_keepalive");
        put(
                OWN,
                "ssl_session_cache",
                "ssl_session_timeout",
                "ssl_session_tickets",
                "ssl_ciphers",
                "ssl_prefer_server_ciphers");
        put(
                OWN,
                "ssl_dhparam",
                "ssl_ecdh_curve",
                "http2",
                "proxy_temp_path",
                "proxy_max_temp_file_size",
                "server_names_hash_bucket_size");
        put(
                "Verge compresses what compresses well, from 1 KiB on",
                "gzip_types",
                "gzip_min_length",
                "gzip_disable",
                "gzip_static");
        put(
                FILES,
                "root",
                "alias",
                "index",
                "try_files",
                "autoindex",
                "open_file_cache",
                "types",
                "default_type",
                "mime.types");
        put(
                "Verge speaks HTTP and gRPC to origins: put the application's own HTTP server there",
                "fastcgi_pass",
                "uwsgi_pass");
        put(
                "Verge speaks HTTP and gRPC to origins: put the application's own HTTP server there",
                "scgi_pass",
                "fastcgi_param");
        put(
                "conditions are rules of their own here: write one with `when`",
                "if",
                "map",
                "geo",
                "split_clients",
                "set",
                "break");
        put(
                "write a function that decides, and run it in a rule",
                "auth_request",
                "auth_basic",
                "auth_basic_user_file",
                "satisfy");
        put(
                "write a function in JavaScript",
                "js_content",
                "js_import",
                "content_by_lua_block",
                "access_by_lua_block",
                "perl");
        put("the file cannot be read here", "include");
        put("Verge counts by rules with rateLimit", "limit_conn", "limit_conn_zone", "limit_rate");
        put("is for another protocol than HTTP", "stream", "mail");
        put("rewrite bodies with a function and HTMLRewriter", "sub_filter", "sub_filter_once", "addition_types");
        put(
                "certificates of clients: see tls.clientCertificates",
                "ssl_client_certificate",
                "ssl_verify_client",
                "ssl_crl");
    }

    private Unsaid() {}

    private static void put(String reason, String... names) {
        for (String name : names) {
            REASONS.put(name, reason);
        }
    }

    static String reason(String directive) {
        return REASONS.getOrDefault(directive, "has no counterpart that is known");
    }
}
