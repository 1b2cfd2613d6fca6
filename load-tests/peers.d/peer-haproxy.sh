# HAProxy with its cache in memory. It stores no response that varies by anything but coding or referrer, and answers no ranges from it.
base_haproxy() { case $1 in http) echo http://127.0.0.1:17077 ;; https) echo https://127.0.0.1:17078 ;; h2c) echo http://127.0.0.1:17079 ;; esac; }
version_haproxy() { haproxy -v | sed -n '1s/^\(HAProxy version [0-9.]*\).*/\1/p'; }
lacks_haproxy="vary range disk disk-cold"

start_haproxy() {
  local by_host='default_backend stored'
  [ ! -s "$work/haproxy-sites.map" ] || by_host="use_backend %[req.hdr(host),map_str($work/haproxy-sites.map,stored)]"
  cat >"$work/haproxy.cfg" <<E2
global
  nbthread 1
  maxconn 30000
  no strict-limits
  ssl-default-bind-options ssl-min-ver TLSv1.2
  tune.ssl.cachesize 20000
  tune.h2.max-concurrent-streams 256
cache ram
  total-max-size $disk_memory_mib
  max-object-size 2000000
  max-age 3600
  process-vary on
defaults
  mode http
  timeout client 300s
  timeout server 30s
  timeout connect 5s
  timeout http-keep-alive 300s
  http-reuse always
  maxconn 30000
frontend in
  bind 127.0.0.1:17077 backlog 4096
  bind 127.0.0.1:17078 ssl crt $work/both.pem alpn h2,http/1.1 backlog 4096
  bind 127.0.0.1:17079 proto h2 backlog 4096
  use_backend pass if { path_beg /pass/ } or { path /post }
  $by_host
backend stored
  http-request set-var(txn.gold) bool(true) if { path_beg /rule/ } { req.hdr(x-tier) gold }
  http-request cache-use ram
  http-response cache-store ram
  http-response set-header X-Served gold if { var(txn.gold) -m bool }
  server origin 127.0.0.1:$origin_port maxconn 1000
backend pass
  server origin 127.0.0.1:$origin_port maxconn 1000
E2
  launch haproxy haproxy -W -db -f "$work/haproxy.cfg"
}

# A line of a map for each site; what is at no line goes where the others go. Read at start.
sites_haproxy() { # COUNT
  awk -v n="$1" 'BEGIN {for (i = 0; i < n; i++) printf "s%d.test stored\n", i}' >"$work/haproxy-sites.map"
  stop_server haproxy
  start_haproxy
  await_answer haproxy
}
