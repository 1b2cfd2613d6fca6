# Varnish: storage in memory; speaks no TLS.
base_varnish() { case $1 in http | h2c) echo http://127.0.0.1:17076 ;; esac; }
version_varnish() { varnishd -V 2>&1 | sed -n 's/^varnishd (\(varnish-[0-9.]*\).*/\1/p'; }
lacks_varnish="tls-1k h2-1k disk disk-cold idle-tls"

start_varnish() {
  mkdir -p "$work/varnish"
  cat >"$work/varnish.vcl" <<E2
vcl 4.1;
backend origin { .host = "127.0.0.1"; .port = "$origin_port"; }
sub vcl_recv {
  unset req.http.Cookie;
  if (req.method != "GET" && req.method != "HEAD") { return (pass); }
  if (req.url ~ "^/pass/") { return (pass); }
  return (hash);
}
sub vcl_deliver { if (req.url ~ "^/rule/" && req.http.X-Tier == "gold") { set resp.http.X-Served = "gold"; } }
E2
  launch varnish varnishd -F -j none -n "$work/varnish" -a 127.0.0.1:17076 -f "$work/varnish.vcl" -s "malloc,${disk_memory_mib}m" \
    -p feature=+http2 -p thread_pools=1 -p thread_pool_max=500 -p thread_queue_limit=20000 -p timeout_idle=300 -p listen_depth=4096
}
