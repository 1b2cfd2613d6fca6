# Answers are looked at before they are counted: what is wrong is an error of the run and not a number.
declare -A wrong=()

base() { "base_$(word "$1")" "$2"; } # SERVER SCHEME -> URL without path
lacks() { local variable; variable=lacks_$(word "$1"); [[ " ${!variable} " == *" $2 "* ]]; } # SERVER SCENARIO

ask() { # SERVER NUMBER -> $work/answer.head, $work/answer.body, status
  local arguments=(-s -k --max-time 20 -D "$work/answer.head" -o "$work/answer.body" -w '%{http_code}') field
  for field in "${headers[@]}"; do arguments+=(-H "${field//%d/$2}"); done
  case $scheme in h2c) arguments+=(--http2-prior-knowledge) ;; https) [ "$tool" = h2load ] && arguments+=(--http2) || arguments+=(--http1.1) ;; esac
  case $method in HEAD) arguments+=(-I) ;; POST) arguments+=(-X POST --data-binary "@$body") ;; esac
  curl "${arguments[@]}" "$(base "$1" "$scheme")$(at_number "$2")" || true
}

# The third answer must be right, and a hit must not have been asked of the origin.
check_answer() { # SERVER SCENARIO
  local status before why='' file=$work/files/$want_file
  if [ "$2" = not-modified ]; then
    headers=()
    ask "$1" 0 >"$work/answer.status"
    headers=("If-None-Match: $(sed -n 's/^[Ee][Tt][Aa][Gg]: *\(.*\)\r$/\1/p' "$work/answer.head")")
  fi
  ask "$1" 0 >"$work/answer.status"
  sleep 0.2
  ask "$1" 0 >"$work/answer.status"
  origin_requests
  before=$origin_seen
  status=$(ask "$1" 0)
  origin_requests
  [ "$status" = "$want_status" ] || why="status $status instead of $want_status"
  if [ -z "$why" ] && [ -n "$want_file" ] && [ "$method" = GET ]; then
    case $status in
      200) cmp -s "$work/answer.body" "$file" || why="$(wc -c <"$work/answer.body") bytes, not the content" ;;
      206) cmp -s "$work/answer.body" <(tail -c +1001 "$file" | head -c 1000) || why="not the range that was asked for" ;;
    esac
  fi
  [ -z "$want_field" ] || grep -qi "^$want_field" "$work/answer.head" || why="${why:-no field '$want_field'}"
  if [ "$hit" = yes ] && [ "$origin_seen" != "$before" ]; then why=${why:-"no hit: the origin was asked"}; fi
  if [ "$hit" = no ] && [ "$origin_seen" = "$before" ]; then why=${why:-"the origin was not asked"}; fi
  if [ "$hit" = yes ] && [ "$1" = verge ] && ! grep -qi '^cache-status: verge; hit' "$work/answer.head"; then why=${why:-"Cache-Status is not a hit"}; fi
  [ -z "$why" ] || { wrong["$2 $1"]=$why; say "WRONG: $2 at $1: $why"; return 1; }
}

wrong_count() { [ ${#wrong[@]} = 0 ] && echo 0 || echo 1; }
