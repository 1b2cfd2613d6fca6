#!/bin/sh
# Trains the start-up caches of a distribution (JEP 483, 515): runs a whole platform once, visits it for a while, and keeps for each
# kind of process which classes it loaded and linked and what it learned of its methods. Usage: train.sh DISTRIBUTION WORK-FOLDER
# Without caches everything works, only slower to start; so whatever goes wrong here is told and is no failure.
set -u

distribution=$(CDPATH='' cd -- "$1" && pwd -P) || exit 1
rm -rf "$2" "$distribution/lib/aot"
mkdir -p "$2/records" || exit 1
work=$(CDPATH='' cd -- "$2" && pwd -P)

give_up() {
  echo "no start-up caches: $1; the log is $work/up.log"
  rm -rf "$distribution/lib/aot"
  exit 0
}

# The runtime that the distribution brings along, if it does, as its launcher would.
if [ -z "${VERGE_JAVA_HOME:-}" ] && [ -x "$distribution/java/bin/java" ]; then
  VERGE_JAVA_HOME=$distribution/java
fi
. "$distribution/bin/find-jdk.sh"
find_jdk || give_up "no JDK"
export VERGE_JAVA_HOME="$java_home" VERGE_AOT_RECORD="$work/records"

# Function hosts first, as the platform below starts some: their runtime and their cache.
"$java_home/bin/java" -XX:TieredStopAtLevel=1 -cp "$distribution/lib/deploy.jar" dev.verge.sandbox.process.HostPreparation \
  "$distribution/lib/host" "$distribution/lib/graal"

# Ports are guessed; if somebody has one of them, the platform says so at once and the next guess follows.
started=false
for try in 1 2 3 4 5; do
  base=$((20000 + ($$ + try * 577) % 12000))
  "$distribution/bin/verge" up --data "$work/data" --http $base --https $((base + 1)) --api $((base + 2)) --admin $((base + 3)) \
    --origins $((base + 4)) --no-restart >"$work/up.log" 2>&1 </dev/null &
  up=$!
  waited=0
  while [ $waited -lt 600 ] && kill -0 $up 2>/dev/null; do
    if grep -q '^ready$' "$work/up.log"; then
      started=true
      break
    fi
    sleep 0.2
    waited=$((waited + 1))
  done
  [ "$started" = true ] && break
  kill -TERM $up 2>/dev/null
  wait $up
  grep -q 'is taken' "$work/up.log" || break
  rm -rf "$work/records"
  mkdir -p "$work/records"
done
[ "$started" = true ] || give_up "the training platform did not start"

VERGE_API=http://127.0.0.1:$((base + 2)) VERGE_TOKEN_FILE=$work/data/admin-token "$distribution/bin/verge" apply -f "$distribution/demo/site.yaml" \
  --dry-run >>"$work/up.log" 2>&1
"$java_home/bin/java" -XX:+UseSerialGC -Xmx256m --enable-native-access=ALL-UNNAMED -cp "$distribution/lib/deploy.jar" \
  dev.verge.deploy.training.Visitors $base $((base + 1)) 150000 40 >>"$work/up.log" 2>&1 || give_up "nobody could visit the training platform"
grep '^visits: ' "$work/up.log"
kill -TERM $up
wait $up
unset VERGE_AOT_RECORD

mkdir -p "$distribution/lib/aot"
# Each of them is made by one thread most of the time, so all are made side by side.
for command in node control-plane demo-origin up nodes; do
  VERGE_AOT_CREATE=$work/records "$distribution/bin/verge" $command >"$work/create-$command.log" 2>&1 &
done
wait
cp "$java_home/release" "$distribution/lib/aot/jdk-release"
echo "start-up caches: $(cd "$distribution/lib/aot" && ls | grep -c '\.aot$')"
rm -rf "$work/data" "$work/records"
exit 0
