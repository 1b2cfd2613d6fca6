# What is served: the same files for the origin and for nginx as a file server.
disk_objects=20000 disk_object_kib=32
origin_port=17060 origin_status_port=17061 disk_memory_mib=192 disk_gib=2
zipf_objects=1000000 zipf_exponent=0.9 visits=300000

make_content() {
  local files=$work/files name
  mkdir -p "$files"/{hit,gzip,vary,rule,browser,pass,disk,sites} "$work/tmp"
  head -c 1024 /dev/urandom >"$files/hit/1k"
  head -c 102400 /dev/urandom >"$files/hit/100k"
  head -c 1048576 /dev/urandom >"$files/hit/1m"
  awk 'BEGIN {
    srand(7)
    for (i = 0; i < 160; i++) all = all (i ? "," : "") sprintf("{\"id\":%d,\"name\":\"item %04d\",\"price\":%.2f,\"stock\":%d}", i, i, rand() * 90 + 10, rand() * 1000)
    printf "%-10239s}", "{\"items\":[" all "]"
  }' >"$files/hit/10k.json"
  cp "$files/hit/10k.json" "$files/gzip/10k.json"
  gzip -9 -n -k "$files/gzip/10k.json"
  for name in vary rule browser pass; do cp "$files/hit/1k" "$files/$name/1k"; done
  cp "$files/hit/1m" "$files/pass/1m"
  cp "$files/hit/1k" "$files/sites/1k"
  head -c 10240 "$files/hit/100k" >"$work/post-body"
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost -keyout "$work/key.pem" -out "$work/cert.pem" 2>/dev/null
  cat "$work/cert.pem" "$work/key.pem" >"$work/both.pem"
  case " $scenarios " in *" disk"*) make_disk_content ;; esac
  case " $scenarios " in *" zipf "*) mkdir "$files/zipf"; printf '0000000%s' "$(zipf_rest)" >"$files/zipf/0000000" ;; esac
  chmod -R a+rX "$work"
}

make_disk_content() {
  head -c $((disk_objects * disk_object_kib * 1024)) /dev/urandom | split -b "${disk_object_kib}k" -d -a 5 - "$work/files/disk/"
}

# What follows the number in each of very many objects of 1 KiB, which the origin makes as they are asked for.
zipf_rest() { head -c 1017 /dev/zero | tr '\0' v; }

# Very many small objects: a smaller memory for every cache, so that what was asked for is larger, and a larger disk for those that have one.
bound_caches() { case " $scenarios " in *" zipf "*) disk_memory_mib=64 disk_gib=6 ;; esac; }

# Locations that the origin and nginx as a file server share: what the response says of itself.
nginx_locations() {
  cat <<E2
    add_header Cache-Control "public, max-age=3600";
    location /gzip/ { gzip_static on; gzip_vary on; gzip_proxied any; add_header Cache-Control "public, max-age=3600"; }
    location /vary/ { add_header Cache-Control "public, max-age=3600"; add_header Vary Accept-Language; }
E2
}

# The origin runs on the generator's core: the server under test pays for talking to it, not for its work.
start_origin() {
  cat >"$work/origin.conf" <<E2
daemon off; worker_processes 1; worker_rlimit_nofile 65536; pid $work/origin.pid; error_log $work/origin.err;
events { worker_connections 20000; }
http {
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000000; keepalive_timeout 300s; client_body_temp_path $work/tmp;
  open_file_cache max=1000 inactive=600s; open_file_cache_valid 600s;
  server {
    listen 127.0.0.1:$origin_port backlog=4096; root $work/files;
$(nginx_locations)
    location ~ ^/zipf/([0-9]+)\$ { default_type application/octet-stream; add_header Cache-Control "public, max-age=3600"; return 200 "\$1$(zipf_rest)"; }
    location /pass/ { add_header Cache-Control "no-store"; }
    location /post {
      add_header Cache-Control "no-store"; client_max_body_size 1m; client_body_buffer_size 64k;
      proxy_pass http://thanks; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_pass_request_body off; proxy_set_header Content-Length "";
    }
  }
  # Only a proxied request is read to its end before it is answered.
  upstream thanks { server unix:$work/thanks; keepalive 64; keepalive_requests 1000000000; }
  server { listen unix:$work/thanks; location / { return 200 "thanks"; } }
  server { listen 127.0.0.1:$origin_status_port; location / { stub_status; } }
}
E2
  taskset -c "$generator_core" nginx -c "$work/origin.conf" >"$work/origin.log" 2>&1 &
  pid_of[origin]=$!
  local tries=0
  until curl -fs -o /dev/null "http://127.0.0.1:$origin_port/hit/1k"; do
    [ $((tries += 1)) -lt 100 ] || { echo "the origin does not answer" >&2; cat "$work/origin.err" >&2; exit 1; }
    sleep 0.05
  done
}

# How many requests have reached the origin (asking for this number is not one of them; a POST counts twice).
origin_requests() { origin_asked=$((${origin_asked:-0} + 1)); origin_seen=$(curl -s "http://127.0.0.1:$origin_status_port/" | awk 'NR == 3 {print $3}'); origin_seen=$((origin_seen - origin_asked)); }
