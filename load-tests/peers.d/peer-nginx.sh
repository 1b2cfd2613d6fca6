# nginx twice: as a file server with open_file_cache, and as a caching proxy. Threads read where files may not be in memory; elsewhere they
# would cost every request a change of threads. A quarter of what the process may have open is for files kept open, the rest for connections.
base_nginx() { case $1 in http) echo http://127.0.0.1:17070 ;; https) echo https://127.0.0.1:17071 ;; h2c) echo http://127.0.0.1:17072 ;; esac; }
base_nginx_proxy() { case $1 in http) echo http://127.0.0.1:17073 ;; https) echo https://127.0.0.1:17074 ;; h2c) echo http://127.0.0.1:17075 ;; esac; }
version_nginx() { nginx -v 2>&1 | sed 's/.*: //'; }
version_nginx_proxy() { version_nginx; }
lacks_nginx="zipf pass-1k pass-1m post-10k"
lacks_nginx_proxy=""

nginx_head() { # NAME
  cat <<E2
daemon off; worker_processes 1; worker_rlimit_nofile 65536; pid $work/$1.pid; error_log $work/$1.err;
events { worker_connections 20000; }
http {
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000000; keepalive_timeout 300s; client_body_temp_path $work/tmp;
  http2_max_requests 1000000000; http2_max_concurrent_streams 256; server_names_hash_max_size 400000; server_names_hash_bucket_size 128;
  ssl_certificate $work/cert.pem; ssl_certificate_key $work/key.pem;
E2
}

start_nginx() {
  {
    nginx_head nginx
    cat <<E2
  open_file_cache max=$(($(ulimit -n) / 4)) inactive=600s; open_file_cache_valid 600s;
  server {
    listen 127.0.0.1:17070 default_server backlog=4096; listen 127.0.0.1:17071 ssl http2 backlog=4096; listen 127.0.0.1:17072 http2 backlog=4096;
    root $work/files;
$(nginx_locations)
    location /disk/ { aio threads; add_header Cache-Control "public, max-age=3600"; }
    location /rule/ { add_header Cache-Control "public, max-age=3600"; if (\$http_x_tier = gold) { add_header X-Served gold; } }
  }
  include $work/nginx-sites*.conf;
}
E2
  } >"$work/nginx.conf"
  launch nginx nginx -c "$work/nginx.conf"
}

start_nginx_proxy() {
  {
    nginx_head nginx-proxy
    cat <<E2
  proxy_cache_path $work/nginx-cache levels=1:2 keys_zone=cache:256m max_size=${disk_gib}g inactive=1h use_temp_path=off;
  open_file_cache max=$(($(ulimit -n) / 4)) inactive=600s; open_file_cache_valid 600s;
  upstream origin { server 127.0.0.1:$origin_port; keepalive 256; keepalive_requests 1000000000; }
  proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host \$host; proxy_set_header Accept-Encoding \$http_accept_encoding;
  server {
    listen 127.0.0.1:17073 default_server backlog=4096; listen 127.0.0.1:17074 ssl http2 backlog=4096; listen 127.0.0.1:17075 http2 backlog=4096;
    proxy_cache cache; proxy_cache_key \$host\$request_uri;
    location / { proxy_pass http://origin; }
    location /rule/ { proxy_pass http://origin; if (\$http_x_tier = gold) { add_header X-Served gold; proxy_pass http://origin; } }
    location /disk/ { aio threads; proxy_pass http://origin; }
    location /zipf/ { aio threads; proxy_pass http://origin; }
    location /pass/ { proxy_cache off; proxy_pass http://origin; }
    location /post { proxy_cache off; proxy_pass http://origin; }
  }
}
E2
  } >"$work/nginx-proxy.conf"
  launch nginx-proxy nginx -c "$work/nginx-proxy.conf"
}

# A server block for each site: how nginx has many of them. Very many would take it gigabytes, so they are names of one block.
sites_nginx() { # COUNT
  local worker tries=0
  awk -v n="$1" -v most="$most_sites_of_api" -v root="$work/files" 'BEGIN {
    block = "server { listen 127.0.0.1:17070; root " root "; add_header Cache-Control \"public, max-age=3600\";"
    if (n > most) print block
    one = n > most ? "  server_name s%d.test;\n" : block " server_name s%d.test; }\n"
    for (i = 0; i < n; i++) printf one, i
    if (n > most) print "}"
  }' >"$work/nginx-sites.conf"
  worker=$(pgrep -P "${pid_of[nginx]}")
  kill -HUP "${pid_of[nginx]}"
  until [ -n "$(pgrep -P "${pid_of[nginx]}")" ] && ! pgrep -P "${pid_of[nginx]}" | grep -q "^$worker$"; do
    [ $((tries += 1)) -lt 600 ] || { echo "nginx does not take $1 sites:" >&2; tail -5 "$work/nginx.err" >&2; exit 1; }
    sleep 0.1
  done
}
