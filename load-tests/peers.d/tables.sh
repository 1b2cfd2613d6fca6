# Markdown: what was measured, one table for each group of scenarios, and what was left out or wrong.
describe_run() {
  local server
  echo "machine: $(nproc) cores ($(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -1)), Linux $(uname -r), $(awk '/MemTotal/ {print int($2 / 1048576)}' /proc/meminfo) GiB, congestion control $(sysctl -n net.ipv4.tcp_congestion_control)"
  echo "servers: $(for server in $servers; do printf '%s (%s), ' "$server" "$("version_$(word "$server")" | paste -sd ' ')"; done | sed 's/, $//')"
  echo "generator: wrk $(wrk -v 2>&1 | sed -n '1s/^wrk \([^ ]*\).*/\1/p'), h2load $(h2load --version | sed 's/.*\///') with $h2_connections connections of HTTP/2"
  echo "rounds: $rounds x ${seconds} s in turn, medians; $connections connections; verge's function hosts were quiet ${settled_after} s after the node was ready, then up to ${warm} s of warm-up for each scenario"
}

print_tables() {
  local group scenario members variable
  touch "$work/results" "$work/memory" "$work/idle"
  for group in $groups; do
    members=''
    for scenario in $scenarios; do [ "$(group_of "$scenario")" != "$group" ] || members+=" $scenario"; done
    [ -n "$members" ] || continue
    variable=title_of_$group
    printf '\n### %s\n\n' "${!variable}"
    if [ "$group" = idle ]; then idle_table $members; continue; fi
    [ -z "${pace:-}" ] || [ "$group" != paced ] || printf '%s requests a second for each server.\n\n' "$pace"
    echo "| scenario | server | req/s | req per CPU-s | p50 ms | p99 ms | p99.9 ms | memory MiB (PSS) | verge ÷ it, req/s | verge ÷ it, per CPU-s | errors, hits |"
    echo "|---|---|---|---|---|---|---|---|---|---|---|"
    for scenario in $members; do scenario "$scenario"; scenario_rows "$scenario"; done
  done
  print_left_out
}

scenario_rows() { # SCENARIO
  local server
  for server in $servers; do
    awk -v s="$1" -v p="$server" -v title="$title" -v hz="$hertz" '
      function median(a, n,   i, j, t) {for (i = 2; i <= n; i++) for (j = i; j > 1 && a[j] < a[j - 1]; j--) {t = a[j]; a[j] = a[j - 1]; a[j - 1] = t} return n ? (a[int((n + 1) / 2)] + a[int(n / 2) + 1]) / 2 : 0}
      FILENAME ~ /memory$/ {if ($1 == s && $2 == p) kib = $3; next}
      $1 != s {next}
      {requests += $2 == p ? $3 : 0; r = $3 / ($4 / 1e6); c = $8 ? $3 / ($8 / hz) : 0}
      $2 == p {n++; rps[n] = r; cpu[n] = c; p50[n] = $5; p99[n] = $6; p999[n] = $7; other += $9; socket += $10; origin += $11}
      $2 == "verge" {m++; vr[m] = r; vc[m] = c}
      END {
        if (!n) exit
        a = median(rps, n); b = median(cpu, n)
        bad = (other ? other " other status " : "") (socket ? socket " socket " : "") (s == "zipf" ? sprintf("%.1f %% hits", 100 * (1 - origin / (requests + !requests))) : origin ? origin " asked of the origin" : "")
        if (p != "verge" && m) {x = sprintf("%.2f", median(vr, m) / a); y = b ? sprintf("%.2f", median(vc, m) / b) : "-"} else {x = "-"; y = "-"}
        printf "| %s | %s | %d | %d | %.2f | %.2f | %.2f | %d | %s | %s | %s |\n", title, p, a, b, median(p50, n) / 1e3, median(p99, n) / 1e3, median(p999, n) / 1e3, kib / 1024, x, y, bad == "" ? "-" : bad
      }' "$work/memory" "$work/results"
  done
}

idle_table() { # SCENARIO...
  local name
  echo "| connections | server | memory before MiB | with them MiB | KiB for each | p99 ms | errors |"
  echo "|---|---|---|---|---|---|---|"
  for name in "$@"; do
    scenario "$name"
    awk -v s="$name" -v title="$title" -v n="$idle_connections" '$1 == s {
      bad = ($10 ? $10 " other status " : "") ($11 ? $11 " socket" : "")
      printf "| %s | %s | %d | %d | %.1f | %.1f | %s |\n", title, $2, $3 / 1024, $4 / 1024, ($4 - $3) / n, $8 / 1e3, bad == "" ? "-" : bad}' "$work/idle"
  done
}

print_left_out() {
  local server scenario key line=''
  for server in $servers; do
    for scenario in $scenarios; do if lacks "$server" "$scenario"; then line+="$server has no $scenario; "; fi; done
  done
  [ -z "$line" ] || printf '\nLeft out: %s\n' "${line%; }"
  for key in "${!wrong[@]}"; do printf '\nWrong, and so not measured or not to be trusted: %s: %s\n' "$key" "${wrong[$key]}"; done
}
