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
  start_control_plane
  # No other server here refuses whom it takes for an attacker: 10,000 handshakes at once from one address.
  launch verge "$verge_home/bin/verge" node --config "$data/node-0.yaml" --set cache.memoryBytes="${disk_memory_mib}MiB" --set cache.diskBytes="${disk_gib}GiB" \
    --set limits.handshakes=$((2 * idle_connections)) --set limits.handshakesPerClient=$((2 * idle_connections))
  until curl -fs -o /dev/null http://127.0.0.1:17100/readyz; do [ $((tries += 1)) -lt 600 ] || { tail -20 "$work/verge.log" >&2; exit 1; }; sleep 0.1; done
  export VERGE_API=$api VERGE_TOKEN
  VERGE_TOKEN=$(cat "$data/admin-token")
  verge_sites
  "$verge_home/bin/verge" apply -f "$work/sites.yaml" -f "$work/rule.yaml" >"$work/apply.log" 2>&1 || { cat "$work/apply.log" >&2; exit 1; }
}

start_control_plane() {
  local tries=0
  taskset -c "$generator_core" "$verge_home/bin/verge" control-plane --config "$work/verge/control-plane.yaml" >>"$work/control-plane.log" 2>&1 &
  pid_of[control-plane]=$!
  until curl -fs -o /dev/null $api/readyz; do [ $((tries += 1)) -lt 600 ] || { tail -20 "$work/control-plane.log" >&2; exit 1; }; sleep 0.1; done
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

# One site each, put over the API; above its rate limit of 100 calls a second from a burst of 1,000 on. Very many go into the store of a control
# plane that does not run meanwhile.
sites_verge() { # COUNT
  if [ "$1" -gt "$most_sites_of_api" ]; then store_sites "$1"; else put_sites "$1"; fi
  sites_there=$(($1 > sites_there ? $1 : sites_there))
  until curl -fs -o /dev/null -H "Host: s$(($1 - 1)).test" "$(base verge http)/sites/1k"; do
    kill -0 "${pid_of[verge]}" || { tail -20 "$work/verge.log" >&2; exit 1; }
    sleep 0.2
  done
}
most_sites_of_api=10000 sites_there=0

store_sites() { # COUNT
  local java_home lib=$here/target
  [ -d "$lib/lib" ] || { echo "$1 sites need the module load-tests, built: run mvn package first" >&2; exit 1; }
  . "$here/../deploy/src/main/dist/bin/find-jdk.sh"
  find_jdk || exit 1
  stop_server control-plane
  taskset -c "$generator_core" "$java_home/bin/java" -Xmx512m --enable-native-access=ALL-UNNAMED -cp "$lib/classes:$lib/lib/*:$verge_home/lib/*" \
    dev.verge.load.fleet.Filling "$work/verge/control-plane" "$1" 0 test "http://127.0.0.1:$origin_port" "$sites_there" >&2
  start_control_plane
}

put_sites() { # COUNT
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
