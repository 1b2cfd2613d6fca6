# Verge: one node on the server's core. The control plane, which has nothing to do meanwhile, is on the generator's.
base_verge() { case $1 in http | h2c) echo http://127.0.0.1:17080 ;; https) echo https://127.0.0.1:17443 ;; esac; }
version_verge() { "$verge_home/bin/verge" --version 2>/dev/null | head -1; git -C "$verge_home" log -1 --format='commit %h' 2>/dev/null || true; }
lacks_verge=""
api=http://127.0.0.1:17900

# `verge up` writes both settings files and the tokens; then each process is started alone, the node pinned from the start.
start_verge() {
  local data=$work/verge up tries=0
  : >"$work/up.log"
  taskset -c "$generator_core" "$verge_home/bin/verge" up --no-demo --no-restart --data "$data" --http 17080 --https 17443 --api 17900 --admin 17100 --origins 17001 >"$work/up.log" 2>&1 &
  up=$!
  pid_of[up]=$up
  until grep -q '^ready$' "$work/up.log"; do kill -0 $up 2>/dev/null || { cat "$work/up.log" >&2; exit 1; }; sleep 0.1; done
  kill $up
  wait $up || true
  unset 'pid_of[up]'
  taskset -c "$generator_core" "$verge_home/bin/verge" control-plane --config "$data/control-plane.yaml" >"$work/control-plane.log" 2>&1 &
  pid_of[control-plane]=$!
  until curl -fs -o /dev/null $api/readyz; do [ $((tries += 1)) -lt 300 ] || { tail -20 "$work/control-plane.log" >&2; exit 1; }; sleep 0.1; done
  # No other server here refuses whom it takes for an attacker: 10,000 handshakes at once from one address.
  launch verge "$verge_home/bin/verge" node --config "$data/node-0.yaml" --set cache.memoryBytes="${disk_memory_mib}MiB" \
    --set limits.handshakes=$((2 * idle_connections)) --set limits.handshakesPerClient=$((2 * idle_connections))
  until curl -fs -o /dev/null http://127.0.0.1:17100/readyz; do [ $((tries += 1)) -lt 600 ] || { tail -20 "$work/verge.log" >&2; exit 1; }; sleep 0.1; done
  export VERGE_API=$api VERGE_TOKEN
  VERGE_TOKEN=$(cat "$data/admin-token")
  verge_sites
  "$verge_home/bin/verge" apply -f "$work/sites.yaml" -f "$work/rule.yaml" >"$work/apply.log" 2>&1 || { cat "$work/apply.log" >&2; exit 1; }
}

# The rule looks at a request field, so it has a site of its own: it would keep all of the other site's requests from the short way.
verge_sites() {
  cat >"$work/sites.yaml" <<E2
site: bench
hosts: [127.0.0.1]
pools: {app: {origins: [{url: "http://127.0.0.1:$origin_port"}], hostHeader: ""}}
rules:
  - {name: pass, when: {path: "/pass/*"}, do: [{bypassCache: true}]}
E2
  cat >"$work/rule.yaml" <<E2
site: rule
hosts: [rule.test]
pools: {app: {origins: [{url: "http://127.0.0.1:$origin_port"}], hostHeader: ""}}
rules:
  - {name: gold, when: {path: "/rule/*", header: {X-Tier: gold}}, do: [{setResponseHeader: {X-Served: gold}}]}
E2
}

# Ready is not yet quiet: spare function hosts are exercised on the same core. Waits until they have used no CPU to speak of for 3 s.
settle_verge() {
  local calm=0 before after waited=0
  settled_after=0
  [ -n "$verge" ] || return 0
  until curl -fs http://127.0.0.1:17100/readyz | grep -q '"functions" *: *"warm' || [ $waited -ge 120 ]; do sleep 1; waited=$((waited + 1)); done
  before=$(cpu_ticks verge)
  while [ $calm -lt 3 ] && [ $waited -lt 300 ]; do
    sleep 1
    waited=$((waited + 1)) after=$(cpu_ticks verge)
    if [ $((after - before)) -le $((hertz / 10)) ]; then calm=$((calm + 1)); else calm=0; fi
    before=$after
  done
  [ $calm -ge 3 ] || say "the function hosts were still busy after ${waited} s"
  settled_after=$waited
}

# One site each, put over the API; above its rate limit of 100 calls a second from a burst of 1,000 on, so 100,000 take a quarter of an hour.
sites_verge() { # COUNT
  local rate='' answers
  [ "$1" -le 900 ] || rate="--rate 90/s"
  awk -v n="$1" -v o="$origin_port" -v api="$api" -v token="$VERGE_TOKEN" 'BEGIN {
    for (i = 0; i < n; i++) {
      if (i) print "next"
      printf "url = \"%s/v1/sites/s%d\"\nrequest = PUT\nheader = \"Authorization: Bearer %s\"\nheader = \"Content-Type: application/json\"\n", api, i, token
      printf "data = \"{\\\"site\\\":\\\"s%d\\\",\\\"hosts\\\":[\\\"s%d.test\\\"],\\\"pools\\\":{\\\"app\\\":{\\\"origins\\\":[{\\\"url\\\":\\\"http://127.0.0.1:%d\\\"}],\\\"hostHeader\\\":\\\"\\\"}}}\"\n", i, i, o
      print "output = /dev/null\nsilent\nwrite-out = \"%{http_code}\\n\""
    }
  }' >"$work/sites.curl"
  # shellcheck disable=SC2086
  answers=$(curl $rate -K "$work/sites.curl" | grep -vc '^20[01]$' || true)
  [ "$answers" = 0 ] || { echo "$answers of $1 sites were refused" >&2; exit 1; }
}
