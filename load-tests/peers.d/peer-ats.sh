# Apache Traffic Server: RAM cache over a cache file; one thread for the network.
base_ats() { case $1 in http | h2c) echo http://127.0.0.1:17085 ;; https) echo https://127.0.0.1:17086 ;; esac; }
version_ats() { traffic_server -V 2>&1 | sed -n 's/.*\(Traffic Server [0-9.]*\).*/\1/p' | head -1; }
lacks_ats=""

start_ats() {
  local root=$work/ats
  mkdir -p "$root"/{etc,run,log,cache}
  cp -r /etc/trafficserver/. "$root/etc/"
  cat >"$root/runroot.yaml" <<E2
prefix: /usr
exec_prefix: /usr
bindir: /usr/bin
sbindir: /usr/sbin
sysconfdir: $root/etc
datadir: $root/cache
includedir: /usr/include
libdir: /usr/lib/trafficserver
libexecdir: /usr/lib/trafficserver/modules
localstatedir: $root
runtimedir: $root/run
logdir: $root/log
cachedir: $root/cache
E2
  cat >"$root/etc/records.config" <<E2
CONFIG proxy.config.exec_thread.autoconfig INT 0
CONFIG proxy.config.exec_thread.limit INT 1
CONFIG proxy.config.accept_threads INT 0
CONFIG proxy.config.task_threads INT 1
CONFIG proxy.config.exec_thread.affinity INT 4
CONFIG proxy.config.http.server_ports STRING 17085:ip-in=127.0.0.1:proto=http;http2 17086:ssl:ip-in=127.0.0.1
CONFIG proxy.config.http.cache.required_headers INT 1
CONFIG proxy.config.http.cache.cache_responses_to_cookies INT 1
CONFIG proxy.config.http.normalize_ae INT 0
CONFIG proxy.config.cache.ram_cache.size INT $((disk_memory_mib * 1024 * 1024))
CONFIG proxy.config.cache.ram_cache_cutoff INT 4194304
CONFIG proxy.config.http.keep_alive_no_activity_timeout_in INT 300
CONFIG proxy.config.http.insert_response_via_str INT 0
CONFIG proxy.config.http.insert_age_in_response INT 1
CONFIG proxy.config.net.connections_throttle INT 30000
CONFIG proxy.config.net.listen_backlog INT 4096
CONFIG proxy.config.http2.max_concurrent_streams_in INT 256
CONFIG proxy.config.log.logging_enabled INT 0
CONFIG proxy.config.diags.debug.enabled INT 0
CONFIG proxy.config.reverse_proxy.enabled INT 1
CONFIG proxy.config.url_remap.remap_required INT 1
CONFIG proxy.config.url_remap.pristine_host_hdr INT 1
CONFIG proxy.config.ssl.server.cert.path STRING $work
CONFIG proxy.config.ssl.server.private_key.path STRING $work
CONFIG proxy.config.admin.user_id STRING #-1
E2
  # As many places in its directory as there may be small objects.
  [ "$disk_gib" = 2 ] || echo "CONFIG proxy.config.cache.min_average_object_size INT 2000" >>"$root/etc/records.config"
  echo "$root/cache ${disk_gib}G" >"$root/etc/storage.config"
  echo "dest_ip=* ssl_cert_name=cert.pem ssl_key_name=key.pem" >"$root/etc/ssl_multicert.config"
  cat >"$root/etc/rule.conf" <<E2
cond %{SEND_RESPONSE_HDR_HOOK} [AND]
cond %{CLIENT-HEADER:X-Tier} =gold
set-header X-Served gold
E2
  ats_remap >"$root/etc/remap.config"
  launch ats env TS_RUNROOT="$root" traffic_server
}

ats_remap() {
  local from
  for from in http://127.0.0.1:17085 https://127.0.0.1:17086 http://rule.test; do
    echo "map $from/rule/ http://127.0.0.1:$origin_port/rule/ @plugin=header_rewrite.so @pparam=$work/ats/etc/rule.conf"
    echo "map $from/pass/ http://127.0.0.1:$origin_port/pass/ @plugin=conf_remap.so @pparam=proxy.config.http.cache.http=0"
    echo "map $from/ http://127.0.0.1:$origin_port/"
  done
}

# Its map is read again by a second program of its own only; so it starts anew.
sites_ats() { # COUNT
  {
    ats_remap
    awk -v n="$1" -v o="$origin_port" 'BEGIN {for (i = 0; i < n; i++) printf "map http://s%d.test/ http://127.0.0.1:%d/\n", i, o}'
  } >"$work/ats/etc/remap.config"
  stop_server ats
  launch ats env TS_RUNROOT="$work/ats" traffic_server
  await_answer ats
}
