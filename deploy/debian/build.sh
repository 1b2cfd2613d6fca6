#!/bin/sh
# Makes a Debian package of a distribution: verge_VERSION_amd64.deb, with a Java runtime in it.
# Usage: build.sh DISTRIBUTION FOLDER [--train]
# The same distribution, JDK and SOURCE_DATE_EPOCH (default: the distribution's own time) make the same bytes. --train adds start-up
# caches, which halve the time of a start and are different bytes each time. Needs dpkg-deb and a JDK 25.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
distribution=$(CDPATH='' cd -- "$1" && pwd -P)
mkdir -p "$2"
out=$(CDPATH='' cd -- "$2" && pwd -P)
train=${3:-}

command -v dpkg-deb >/dev/null 2>&1 || {
  echo "build.sh: needs dpkg-deb and found none in PATH; install the package dpkg" >&2
  exit 1
}
. "$distribution/bin/find-jdk.sh"
find_jdk

SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(stat -c %Y "$distribution/lib/deploy.jar")}
export SOURCE_DATE_EPOCH
version=$(VERGE_JAVA_HOME=$java_home "$distribution/bin/verge" --version | sed -n '1s/^verge \([^ ]*\).*/\1/p')
[ -n "$version" ] || {
  echo "build.sh: $distribution does not tell its version; build it first" >&2
  exit 1
}
# What comes before a release sorts before it.
package_version=$(printf '%s' "$version" | sed 's/-SNAPSHOT$/~SNAPSHOT/')

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root
home=$root/usr/lib/verge
umask 022
mkdir -p "$home" "$root/DEBIAN" "$root/etc/verge" "$root/usr/bin" "$root/usr/lib/systemd/system" "$root/usr/share/doc/verge" \
  "$root/usr/share/bash-completion/completions" "$root/usr/share/lintian/overrides"
cp -R "$distribution/bin" "$distribution/lib" "$distribution/observability" "$distribution/demo" "$home/"
rm -rf "$home/lib/aot"
sh "$here/../src/build/runtime.sh" "$java_home" "$home/java" >"$work/runtime.log" 2>&1 || {
  cat "$work/runtime.log" >&2
  exit 1
}
# Its legal notices are those of the JDK, and stay with it.
find "$home" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
if [ "$train" = --train ]; then
  sh "$here/../src/build/train.sh" "$home" "$work/training"
fi

ln -s ../lib/verge/bin/verge "$root/usr/bin/verge"
cp "$distribution"/systemd/*.service "$root/usr/lib/systemd/system/"
cp "$distribution"/conf/*.yaml "$root/etc/verge/"
cp "$here/copyright" "$root/usr/share/doc/verge/copyright"
cp "$here/lintian-overrides" "$root/usr/share/lintian/overrides/verge"
"$home/bin/verge" completion | sed 1d >"$root/usr/share/bash-completion/completions/verge"
{
  printf 'verge (%s) unstable; urgency=medium\n\n  * The changes are in the history of the sources.\n\n -- Verge <packages@verge.dev>  ' "$package_version"
  LC_ALL=C date -u -R -d "@$SOURCE_DATE_EPOCH"
} | gzip -9n >"$root/usr/share/doc/verge/changelog.gz"

for script in preinst postinst prerm postrm; do
  [ -f "$here/$script" ] || continue
  sed "s/@VERSION@/$version/g" "$here/$script" >"$root/DEBIAN/$script"
  chmod 0755 "$root/DEBIAN/$script"
done
(cd "$root" && find etc -type f | sort | sed 's,^,/,') >"$root/DEBIAN/conffiles"
installed=$(du -sk --exclude=DEBIAN "$root" | cut -f1)
sed -e "s/@VERSION@/$package_version/" -e "s/@INSTALLED@/$installed/" "$here/control" >"$root/DEBIAN/control"
(cd "$root" && find usr -type f | LC_ALL=C sort | xargs -d '\n' md5sum) >"$root/DEBIAN/md5sums"

chmod 0644 "$home/bin/find-jdk.sh"
chmod -R u+rwX,go+rX,go-w "$root"
find "$root" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
file=$out/verge_${package_version}_amd64.deb
# Jars are compressed already, so more effort finds little; every dpkg reads gzip.
dpkg-deb --root-owner-group -Zgzip -z3 --build "$root" "$file" >/dev/null
echo "$file"
