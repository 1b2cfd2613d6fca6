# The scenarios: what is asked, and what a right answer is. A name of a group stands for all of its scenarios but those on demand.
groups="hits tls kinds proxy storage sites paced idle"
group_hits="hit-1k hit-10k hit-100k hit-1m hit-gzip"
group_tls="tls-1k h2-1k h2c-1k"
group_kinds="browser vary rule not-modified range head"
group_proxy="pass-1k pass-1m post-10k"
group_storage="disk disk-cold"
group_sites="sites-1 sites-1000"
group_paced="paced-1k"
group_idle="idle idle-tls"
on_demand="sites-100000 zipf"

title_of_hits="Hits in memory, HTTP/1.1"
title_of_tls="Hits over TLS and HTTP/2"
title_of_kinds="Hits of other kinds, 1 KiB"
title_of_proxy="Passed through to the origin"
title_of_storage="Hits on disk"
title_of_sites="Hits of many sites"
title_of_paced="Latency at half of the slowest server's peak"
title_of_idle="Idle connections"

# Sets the fields of one scenario. want_file: the content byte for byte; hit: the origin must not be asked.
scenario() { # NAME
  title='' scheme=http path='' method=GET headers=() body='' want_status=200 want_file='' want_field='' hit=yes tool=wrk count=1 zipf=''
  case $1 in
    hit-1k) title="1 KiB" path=/hit/1k ;;
    hit-10k) title="10 KiB JSON" path=/hit/10k.json ;;
    hit-100k) title="100 KiB" path=/hit/100k ;;
    hit-1m) title="1 MiB" path=/hit/1m ;;
    hit-gzip) title="10 KiB JSON, stored gzip" path=/gzip/10k.json headers=("Accept-Encoding: gzip") want_file=gzip/10k.json.gz want_field="content-encoding: gzip" ;;
    tls-1k) title="HTTP/1.1 over TLS, 1 KiB" scheme=https path=/hit/1k ;;
    h2-1k) title="HTTP/2 over TLS, 1 KiB, $streams streams each" scheme=https path=/hit/1k tool=h2load ;;
    h2c-1k) title="HTTP/2 without TLS, 1 KiB, $streams streams each" scheme=h2c path=/hit/1k tool=h2load ;;
    browser) title="a browser's fields, 1,000 different cookies" path=/browser/1k count=1000
      headers=("User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"
        "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8" "Accept-Language: en-GB,en;q=0.8,de;q=0.5"
        "Accept-Encoding: gzip, deflate, br, zstd" "Referer: http://127.0.0.1/browser/" "Sec-Fetch-Dest: document" "Sec-Fetch-Mode: navigate"
        "Sec-Fetch-Site: same-origin" "Upgrade-Insecure-Requests: 1" "Cookie: session=8f14e45fceea167a5a36dedd4bea2543-%d; theme=dark; consent=yes") ;;
    vary) title="Vary: Accept-Language" path=/vary/1k headers=("Accept-Language: de") want_field="vary: accept-language" ;;
    rule) title="a rule looks at a request field and sets a response field" path=/rule/1k headers=("Host: rule.test" "X-Tier: gold") want_field="x-served: gold" ;;
    not-modified) title="If-None-Match: 304" path=/hit/1k headers=("If-None-Match: ETAG") want_status=304 ;;
    range) title="Range: 1,000 bytes of 100 KiB" path=/hit/100k headers=("Range: bytes=1000-1999") want_status=206 ;;
    # Neither wrk nor h2load knows over HTTP/1.1 that no content follows.
    head) title="HEAD over HTTP/2" scheme=h2c path=/hit/1k method=HEAD tool=h2load ;;
    pass-1k) title="1 KiB" path=/pass/1k hit=no ;;
    pass-1m) title="1 MiB" path=/pass/1m hit=no ;;
    post-10k) title="POST of 10 KiB" path=/post method=POST body=$work/post-body hit=no headers=("Content-Type: application/octet-stream") ;;
    disk) title="$disk_objects × $disk_object_kib KiB at random, page cache as it is" path=/disk/%05d count=$disk_objects ;;
    disk-cold) title="the same, page cache emptied before each round" path=/disk/%05d count=$disk_objects ;;
    zipf) title="$zipf_objects × 1 KiB, Zipf's law with exponent $zipf_exponent, after $visits requests" path=/zipf/%07d count=$zipf_objects zipf=$zipf_exponent want_file=zipf/0000000 ;;
    sites-*) title="${1#sites-} sites" path=/sites/1k count=${1#sites-} headers=("Host: s%d.test") ;;
    paced-1k) title="1 KiB" path=/hit/1k tool=h2load ;;
    idle) title="10,000 plain" path=/hit/1k ;;
    idle-tls) title="10,000 over TLS" scheme=https path=/hit/1k ;;
    *) return 1 ;;
  esac
  case $path in /post | *%0?d | '') ;; *) [ -n "$want_file" ] || want_file=${path#/} ;; esac
}

chosen_scenarios() {
  local name group variable
  if [ -z "$only" ]; then only=$groups; fi
  for name in $only; do
    variable=group_${name//-/_}
    if [[ " $groups " == *" $name "* ]]; then
      echo "${!variable}"
    else
      for group in $groups; do variable=group_$group; [[ " ${!variable} $on_demand " != *" $name "* ]] || { echo "$name"; continue 2; }; done
      echo "load-tests/peers: no scenario or group '$name'; --list shows them" >&2
      return 1
    fi
  done
}

group_of() { # SCENARIO
  local group variable
  case $1 in zipf) echo storage; return ;; esac
  for group in $groups; do variable=group_$group; [[ " ${!variable} " != *" $1 "* ]] || { echo "$group"; return; }; done
  echo sites
}

list_scenarios() {
  local group variable name titles
  work=''
  for group in $groups; do
    variable=group_$group titles=title_of_$group
    echo "$group: ${!titles}"
    for name in ${!variable}; do scenario "$name"; echo "  $name: $title"; done
  done
  echo "only when named: $on_demand"
}
