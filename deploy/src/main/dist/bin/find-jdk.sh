# Sourced, not run. Sets java_home to a JDK of the needed version or newer, from VERGE_JAVA_HOME, JAVA_HOME, PATH or the usual
# folders; answers with 1 when there is none. VERGE_JDK_FOLDERS (patterns between blanks) replaces the usual folders.

needed=25

# Whether $1 is the home of a Java that is new enough. Every one since 9 has a file that says so; reading it is much quicker
# than starting it.
suits() {
  [ -x "$1/bin/java" ] && [ -r "$1/release" ] || return 1
  while IFS= read -r line || [ -n "$line" ]; do
    case $line in
      JAVA_VERSION=*)
        version=${line#JAVA_VERSION=}
        version=${version#\"}
        version=${version%%[!0-9]*}
        [ "${version:-0}" -ge "$needed" ] && return 0
        return 1
        ;;
    esac
  done <"$1/release"
  return 1
}

# The file behind symbolic links; readlink -f is missing on older macOS.
followed() {
  file=$1
  while [ -h "$file" ]; do
    link=$(readlink "$file")
    case $link in
      /*) file=$link ;;
      *) file=$(dirname "$file")/$link ;;
    esac
  done
  printf '%s\n' "$file"
}

find_jdk() {
  if [ -n "${VERGE_JAVA_HOME:-}" ]; then
    java_home=$VERGE_JAVA_HOME
    suits "$java_home" && return 0
    echo "verge: VERGE_JAVA_HOME is $VERGE_JAVA_HOME, which is no JDK $needed or newer; correct it or unset it" >&2
    exit 1
  fi
  if [ -n "${JAVA_HOME:-}" ] && suits "$JAVA_HOME"; then
    java_home=$JAVA_HOME
    return 0
  fi
  on_path=$(command -v java 2>/dev/null || true)
  if [ -n "$on_path" ]; then
    java_home=$(dirname "$(dirname "$(followed "$on_path")")")
    suits "$java_home" && return 0
  fi
  users_home=${HOME:-/nonexistent}
  usual="/usr/lib/jvm/* /usr/lib64/jvm/* /usr/java/* /usr/local/lib/jvm/* /usr/local/openjdk-* /opt/* /opt/java/* /opt/jdk/*
    $users_home/.sdkman/candidates/java/* $users_home/.jdks/* $users_home/.jabba/jdk/* $users_home/.asdf/installs/java/*
    $users_home/.local/share/mise/installs/java/*
    /Library/Java/JavaVirtualMachines/*/Contents/Home $users_home/Library/Java/JavaVirtualMachines/*/Contents/Home
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home"
  # Unquoted for its patterns; one without a match stays as it is written and does not suit.
  for java_home in ${VERGE_JDK_FOLDERS:-$usual}; do
    suits "$java_home" && return 0
  done
  echo "verge: needs a JDK $needed or newer and found none in VERGE_JAVA_HOME, JAVA_HOME, PATH or the usual folders; install Temurin $needed (https://adoptium.net) or set VERGE_JAVA_HOME" >&2
  return 1
}
