# Processes: where they run, what they use, how they end.
declare -A pid_of=()
hertz=$(getconf CLK_TCK)

say() { echo "$(date +%T) $*" >&2; }
word() { echo "${1//-/_}"; }

# Starts a server on the server's core, from its first instruction on; its children inherit that. The log is in $work/NAME.log.
launch() { # NAME COMMAND...
  local name=$1
  shift
  taskset -c "$server_core" "$@" >"$work/$name.log" 2>&1 &
  pid_of[$name]=$!
}

tree() { local child; echo "$1"; for child in $(pgrep -P "$1" || true); do tree "$child"; done; }

cpu_ticks() { # NAME -> clock ticks that all its processes have used
  local pid
  for pid in $(tree "${pid_of[$1]}"); do cat "/proc/$pid/stat" 2>/dev/null || true; done | sed 's/.*) //' | awk '{n += $12 + $13} END {print n + 0}'
}

resident_kib() { # NAME -> KiB; pages that its processes share count once
  local pid
  for pid in $(tree "${pid_of[$1]}"); do cat "/proc/$pid/smaps_rollup" 2>/dev/null || true; done | awk '/^Pss:/ {n += $2} END {print n + 0}'
}

# Fails if a thread of the server may run anywhere but on its core.
check_pinned() { # NAME
  local pid
  for pid in $(tree "${pid_of[$1]}"); do
    cat /proc/"$pid"/task/*/status 2>/dev/null || true
  done | awk -v core="$server_core" -v name="$1" '/^Cpus_allowed_list/ && $2 != core {bad++} END {if (bad) {print name ": " bad " threads are not on core " core; exit 1}}' >&2
}

# Another program on a port of ours would be measured in place of a server.
check_ports() {
  local taken
  taken=$(ss -Hltn "sport >= :17000 and sport <= :17999" | awk '{print $4}' | tr '\n' ' ')
  [ -z "$taken" ] || { echo "load-tests/peers uses the ports 17000 to 17999, and somebody listens there already: $taken" >&2; exit 1; }
}

await_answer() { # NAME
  local tries=0
  until curl -s -o /dev/null --max-time 5 "$(base "$1" http)/hit/1k"; do
    kill -0 "${pid_of[$1]}" 2>/dev/null && [ $((tries += 1)) -lt 300 ] || { echo "$1 does not answer:" >&2; tail -20 "$work/$1.log" >&2; exit 1; }
    sleep 0.1
  done
}

stop_server() { # NAME
  local pid=${pid_of[$1]}
  kill "$pid" 2>/dev/null || true
  timeout 15 tail --pid="$pid" -f /dev/null 2>/dev/null || kill -KILL "$pid" 2>/dev/null || true
  unset "pid_of[$1]"
}

# Pacing of small answers, as bbr does it, costs every server time on loopback.
set_congestion() {
  local setting=/proc/sys/net/ipv4/tcp_congestion_control
  [ -n "$congestion" ] || return 0
  congestion_before=$(cat $setting)
  echo "$congestion" 2>/dev/null >$setting || { congestion_before=''; echo "load-tests/peers: --congestion takes, as root, one of $(cat /proc/sys/net/ipv4/tcp_available_congestion_control), not '$congestion'" >&2; exit 2; }
}

finish() {
  local name
  [ -z "${congestion_before:-}" ] || echo "$congestion_before" >/proc/sys/net/ipv4/tcp_congestion_control
  for name in "${!pid_of[@]}"; do kill "${pid_of[$name]}" 2>/dev/null || true; done
  for name in "${!pid_of[@]}"; do stop_server "$name"; done
  rm -rf "$work"
}
