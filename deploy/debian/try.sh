#!/bin/sh
# Installs a package into a scratch root over this machine's own (an overlay in memory, gone afterwards), starts a control plane and a node
# from it as its user, asks both how they are, upgrades, removes and purges it. Usage, as root: try.sh PACKAGE. Needs unshare, overlayfs.
set -eu

if [ "${2:-}" != inside ]; then
  package=$(readlink -f "$1")
  exec unshare --mount --pid --fork --kill-child sh "$(readlink -f "$0")" "$package" inside
fi
package=$1

say() { echo "--- $*"; }
fail() {
  echo "try.sh: $*" >&2
  exit 1
}

scratch=$(mktemp -d)
mount -t tmpfs scratch "$scratch"
mkdir "$scratch/upper" "$scratch/work" "$scratch/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$scratch/upper,workdir=$scratch/work" "$scratch/root"
root=$scratch/root
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mount -t tmpfs tmp "$root/tmp"
chmod 1777 "$root/tmp"
# No service manager runs in there, and the package must not meet another one's.
mount -t tmpfs run "$root/run"
cp "$package" "$root/tmp/verge.deb"
inside() { chroot "$root" env -u VERGE_JAVA_HOME -u JAVA_HOME LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"; }

say install
inside dpkg --install /tmp/verge.deb
inside dpkg --verify verge
version=$(ls "$root/opt/verge")
inside getent passwd verge
[ "$(inside stat -c '%U:%G %a' /etc/verge/node.yaml)" = "root:verge 640" ] || fail "the mode of /etc/verge/node.yaml"
inside verge version

say "start as its user"
inside install -d -o verge -g verge -m 0700 /var/lib/verge
as_verge() { inside setpriv --reuid verge --regid verge --clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all "$@"; }
sed -i 's/^listen: .*/listen: "127.0.0.1:28901"/' "$root/etc/verge/control-plane.yaml"
as_verge "/opt/verge/$version/bin/verge" control-plane --config /etc/verge/control-plane.yaml >"$root/tmp/control-plane.log" 2>&1 &
tries=0
until inside verge health http://127.0.0.1:28901/readyz >/dev/null 2>&1; do
  tries=$((tries + 1))
  [ "$tries" -lt 30 ] || fail "the control plane did not start: $(cat "$root/tmp/control-plane.log")"
  sleep 1
done
inside env VERGE_API=http://127.0.0.1:28901 VERGE_TOKEN_FILE=/var/lib/verge/admin-token verge node-token edge-1 --expires-in 1h --out /tmp
inside chown verge /tmp/edge-1
sed -i -e 's/0\.0\.0\.0:80/127.0.0.1:28980/' -e 's/0\.0\.0\.0:443/127.0.0.1:28943/' -e 's/127\.0\.0\.1:9100/127.0.0.1:28910/' \
  -e 's,https://control.example:8900,http://127.0.0.1:28901,' -e 's,^  token: .*,  tokenFile: /tmp/edge-1,' "$root/etc/verge/node.yaml"
as_verge "/opt/verge/$version/bin/verge" node --config /etc/verge/node.yaml --take-over >"$root/tmp/node.log" 2>&1 &
tries=0
until inside verge health http://127.0.0.1:28910/readyz >/dev/null 2>&1; do
  tries=$((tries + 1))
  [ "$tries" -lt 30 ] || fail "the node did not start: $(cat "$root/tmp/node.log")"
  sleep 1
done
inside verge health http://127.0.0.1:28910/healthz
inside env VERGE_API=http://127.0.0.1:28901 VERGE_TOKEN_FILE=/var/lib/verge/admin-token verge nodes

say "upgrade: the version before stays, settings stay"
inside sh -c 'dpkg-deb --raw-extract /tmp/verge.deb /tmp/next && sed -i "s/^Version: .*/Version: 9.9.9/" /tmp/next/DEBIAN/control &&
  sed -i "s/^version=.*/version=9.9.9/" /tmp/next/DEBIAN/postinst && dpkg-deb -Znone --build /tmp/next /tmp/next.deb >/dev/null && rm -r /tmp/next'
inside dpkg --install /tmp/next.deb
[ "$(ls "$root/opt/verge" | wc -l)" = 2 ] || fail "not both versions are in /opt/verge: $(ls "$root/opt/verge")"
grep -q 28980 "$root/etc/verge/node.yaml" || fail "the settings were overwritten"
as_verge /opt/verge/9.9.9/bin/verge node --config /etc/verge/node.yaml --take-over >"$root/tmp/next.log" 2>&1 &
tries=0
until grep -q handed "$root/tmp/node.log" || ! inside pgrep -f "/opt/verge/$version/bin/../|verge.home=/opt/verge/$version .*take-over" >/dev/null; do
  tries=$((tries + 1))
  [ "$tries" -lt 180 ] || fail "the new node did not take over: $(cat "$root/tmp/next.log")"
  sleep 1
done
inside verge health http://127.0.0.1:28910/healthz

say "stop, remove, purge"
for process in $(inside pgrep -u verge -f verge.home); do kill -TERM "$process" 2>/dev/null || true; done
wait
inside dpkg --remove verge
[ ! -e "$root/opt/verge" ] && [ ! -e "$root/usr/bin/verge" ] || fail "remove left something behind"
[ -e "$root/etc/verge/node.yaml" ] && [ -e "$root/var/lib/verge/admin-token" ] || fail "remove took settings or data"
inside dpkg --purge verge
[ ! -e "$root/etc/verge" ] && [ ! -e "$root/var/lib/verge" ] || fail "purge left something behind"
say "all well"
