# One measurement: the generator on its core, and what the server used meanwhile.
idle_connections=10000 idle_seconds=10 idle_pause_ms=6000 h2_connections=8

# wrk or h2load for SECONDS -> requests, µs, p50 µs, p99 µs, p99.9 µs, answers of another status, socket errors
generate() { # SERVER SECONDS
  if [ "$tool" = wrk ]; then generate_wrk "$@"; else generate_h2load "$@"; fi
}

# The path of one of many; of one that is the same for all, that.
# shellcheck disable=SC2059
at_number() { printf "$path" "$1"; } # NUMBER

generate_wrk() {
  local out threads=1
  out=$(export PEERS_METHOD=$method PEERS_BODY=$body PEERS_COUNT=$count PEERS_PATH=$path PEERS_PAUSE_MS=${pause_ms:-0}
    export PEERS_ZIPF=$zipf PEERS_SEED=${seed:-} PEERS_ONCE=${once:-0}
    PEERS_HEADERS=$(printf '%s\n' "${headers[@]}")
    export PEERS_HEADERS
    taskset -c "$generator_core" wrk -t$threads -c"${clients:-$connections}" -d"$2s" --timeout 10s -s "$here/peers.d/requests.lua" "$(base "$1" "$scheme")$(at_number 0)" 2>&1) || true
  awk '/^RESULT/ {seen = 1; print $2, $3, $5, $6, $7, $8, $9} END {if (!seen) print 0, 1, 0, 0, 0, 0, 1}' <<<"$out"
}

# h2load writes a line for each request (start, status, µs): percentiles come from there. RATE: requests a second of all connections.
generate_h2load() {
  local arguments=(-t 1 -D "$2" --warm-up-time=0 --log-file="$work/h2load.log") field out
  rm -f "$work/h2load.log"
  if [ "$scheme" = http ]; then arguments+=(--h1 -c "$connections" -m 1); else arguments+=(-c "$h2_connections" -m "$streams"); fi
  [ "$method" = GET ] || arguments+=(-H ":method: $method")
  [ -z "${rate:-}" ] || arguments+=(--rps "$((rate / connections))")
  for field in "${headers[@]}"; do arguments+=(-H "$field"); done
  out=$(taskset -c "$generator_core" h2load "${arguments[@]}" "$(base "$1" "$scheme")$path" 2>&1) || true
  sed -n 's/^requests: .* \([0-9]*\) failed, \([0-9]*\) errored, \([0-9]*\) timeout/\1 \2 \3/p' <<<"$out" >"$work/h2load.errors"
  sort -k3,3n "$work/h2load.log" 2>/dev/null | awk -v seconds="$2" -v want="$want_status" -v errors="$(cat "$work/h2load.errors")" '
    $2 == want {t[++n] = $3} $2 != want && $2 > 0 {other++}
    END {split(errors, e, " "); printf "%d %d %d %d %d %d %d\n", n, seconds * 1e6, t[int(n * .5) + 1], t[int(n * .99) + 1], t[int(n * .999) + 1], other, errors == "" ? 1 : e[2] + e[3]}'
}

# One round -> a line in results: scenario server requests µs p50 p99 p99.9 ticks other-status socket-errors origin-requests
round() { # SERVER SCENARIO SECONDS
  local before after asked line
  origin_requests
  asked=$origin_seen before=$(cpu_ticks "$1")
  line=$(generate "$1" "$3")
  after=$(cpu_ticks "$1")
  origin_requests
  if [ "$hit" = yes ]; then asked=$((origin_seen - asked)); else asked=0; fi
  awk -v s="$2" -v p="$1" -v ticks=$((after - before)) -v asked="$asked" '{print s, p, $1, $2, $3, $4, $5, ticks, $6, $7, asked}' <<<"$line" | tee -a "$work/results"
}

# Steps of 2 s until two in a row bring no more than 3 % over the best before, at most --warm seconds.
warm_up() { # SERVER SCENARIO
  local best=0 flat=0 spent=0 now
  while [ $spent -lt "$warm" ] && [ $flat -lt 2 ]; do
    now=$(generate "$1" 2 | cut -d' ' -f1)
    spent=$((spent + 2))
    if [ "$now" -gt $((best + best * 3 / 100)) ]; then flat=0; else flat=$((flat + 1)); fi
    [ "$now" -le "$best" ] || best=$now
  done
  say "$2: $1 warm after $spent s"
}

check_scenario() { # SCENARIO
  local server
  case $1 in sites-*) prepare_sites "${1#sites-}" ;; esac
  for server in $servers; do
    scenario "$1"
    if lacks "$server" "$1"; then say "$1: $server has none"; elif check_answer "$server" "$1"; then say "$1: $server is right"; fi
  done
}

run_scenario() { # SCENARIO
  local server here_servers='' turn
  scenario "$1"
  case $1 in idle*) run_idle "$1"; return ;; esac
  case $1 in sites-*) prepare_sites "${1#sites-}" ;; esac
  for server in $servers; do
    if lacks "$server" "$1"; then continue; fi
    scenario "$1"
    # Before a round, and not after: what the check replaced (an entity tag) belongs to this server.
    check_answer "$server" "$1" || continue
    case $1 in disk | sites-*) fill "$server" ;; zipf) visit "$server" ;; esac
    here_servers+=" $server"
    kept_headers[$(word "$server")]=$(printf '%s\n' "${headers[@]}")
    if [ "$server" = verge ]; then warm_up verge "$1"; else generate "$server" 1 >/dev/null; fi
  done
  if [ "$1" = paced-1k ]; then set_pace $here_servers; fi
  for turn in $(seq "$rounds"); do
    for server in $here_servers; do
      mapfile -t headers <<<"${kept_headers[$(word "$server")]}"
      [ -n "${headers[0]}" ] || headers=()
      [ "$1" != disk-cold ] || empty_page_cache
      say "$(seed=$turn round "$server" "$1" "$seconds")"
    done
  done
  for server in $here_servers; do
    echo "$1 $server $(resident_kib "$server")" >>"$work/memory"
    check_pinned "$server" || wrong["$1 $server"]="not on its core alone"
  done
  rate=''
}
declare -A kept_headers=()

set_pace() { # SERVER...
  local server now least=0
  for server in "$@"; do
    now=$(tool=wrk generate "$server" 2 | cut -d' ' -f1)
    if [ $least = 0 ] || [ "$now" -lt $least ]; then least=$now; fi
  done
  rate=$((least / 2 / 2 / connections * connections))
  [ $rate -gt 0 ] || rate=$connections
  pace=$rate
}

# Every object once, and again until a pass brings the origin next to nothing: each server has them all before the first round, or says how many not.
fill() { # SERVER
  local pass before
  for pass in 1 2 3 4 5; do
    origin_requests
    before=$origin_seen
    ask_once "$1" "$count"
    origin_requests
    say "filling $1 with $count objects, pass $pass: the origin was asked for $((origin_seen - before))"
    [ $((origin_seen - before)) -gt $((count / 1000)) ] || break
  done
}

# What is drawn by a law fills a cache by being asked for: the same requests to each server, of which the origin answers what it must.
visit() { # SERVER
  local before
  origin_requests
  before=$origin_seen
  seed=0 ask_once "$1" "$visits"
  origin_requests
  say "$1 after $visits requests: the origin was asked for $((origin_seen - before))"
}

# That many requests, in order or as they are drawn; then a moment for what is still being stored.
ask_once() { # SERVER REQUESTS
  once=$2 generate_wrk "$1" 900 >/dev/null
  sleep 1
}

empty_page_cache() {
  sync
  echo 3 >/proc/sys/vm/drop_caches 2>/dev/null || { [ -n "${told:-}" ] || say "the page cache cannot be emptied: that needs root"; told=yes; }
}

prepare_sites() { # COUNT
  local server
  for server in $servers; do
    case $server in nginx | haproxy | ats | verge) say "making $1 sites at $server"; "sites_$server" "$1" ;; esac
  done
}

# 10,000 connections with a request every 3 s on average each: memory before and while they stand.
run_idle() { # SCENARIO
  local server before during line job seconds=$idle_seconds
  [ "$scheme" = http ] || seconds=$((2 * idle_seconds)) # as many handshakes first
  for server in $servers; do
    if lacks "$server" "$1"; then continue; fi
    check_answer "$server" "$1" || continue
    generate "$server" 1 >/dev/null
    before=$(resident_kib "$server")
    (clients=$idle_connections pause_ms=$idle_pause_ms generate "$server" $seconds >"$work/idle.line") &
    job=$!
    sleep $((seconds - 2))
    during=$(resident_kib "$server")
    wait $job
    line=$(cat "$work/idle.line")
    echo "$1 $server $before $during $line" >>"$work/idle"
    say "$1 $server: $before -> $during KiB; $line"
  done
}
