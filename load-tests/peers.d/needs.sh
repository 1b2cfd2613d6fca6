# What the run needs, and how it gets onto this machine.
debian_needs="nginx varnish haproxy trafficserver nghttp2-client wrk curl openssl procps iproute2 util-linux"
tools="nginx varnishd haproxy traffic_server h2load wrk curl openssl pgrep ss taskset"

needs() {
  echo "Debian packages: $debian_needs"
  echo "npm packages: workerd (load-tests/functions measures functions beside it)"
  echo "a JDK 25, and the distribution that 'mvn package' builds, in deploy/target/verge (else --verge DIR or VERGE_HOME)"
}

# Installs without starting a service: what Debian would start is denied by a policy for as long as this takes.
install_needs() {
  local policy=/usr/sbin/policy-rc.d made=''
  [ "$(id -u)" = 0 ] || { echo "load-tests/peers --install needs root" >&2; exit 1; }
  [ -e $policy ] || { printf '#!/bin/sh\nexit 101\n' >$policy; chmod +x $policy; made=yes; }
  # shellcheck disable=SC2086
  DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $debian_needs || { [ -z "$made" ] || rm -f $policy; exit 1; }
  [ -z "$made" ] || rm -f $policy
  if command -v systemctl >/dev/null; then systemctl --quiet disable nginx varnish varnishncsa haproxy trafficserver 2>/dev/null || true; fi
  if ! command -v npm >/dev/null; then echo "npm is missing: load-tests/functions cannot run" >&2; return; fi
  npm install --silent --no-audit --no-fund --prefix load-tests/target/workerd workerd >/dev/null
}

check_needs() {
  local tool
  PATH=$PATH:/usr/sbin:/sbin
  for tool in $tools; do
    command -v "$tool" >/dev/null || { echo "load-tests/peers needs $tool: load-tests/peers --install gets it (as root)" >&2; exit 1; }
  done
  [ -z "$verge" ] || [ -x "$verge_home/bin/verge" ] || { echo "no distribution in $verge_home: run mvn package first, or name one with --verge" >&2; exit 1; }
  [ -z "$verge" ] || verge_home=$(cd "$verge_home" && pwd)
  [ "$(nproc)" -gt 1 ] || { echo "load-tests/peers needs two cores: one for the server, one for the generator" >&2; exit 1; }
}
