#!/bin/sh
# Makes what compose.yaml needs and nobody else should have: the database's password, and a certificate with its key for the control
# plane, whose fingerprint nodes are told. What is there already stays. Needs openssl.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
secrets=$here/secrets

command -v openssl >/dev/null 2>&1 || {
  echo "prepare.sh: needs openssl and found none in PATH; install the package openssl" >&2
  exit 1
}
# The folder is closed to others of this machine. Its files are not: containers read them with a user of their own.
mkdir -p "$secrets"
chmod 0700 "$secrets"
[ -s "$secrets/database-password" ] || openssl rand -hex 24 >"$secrets/database-password"
[ -s "$secrets/control-plane-key" ] || openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 \
  -subj /CN=verge-control-plane -addext subjectAltName=DNS:control-plane,DNS:localhost,IP:127.0.0.1 \
  -keyout "$secrets/control-plane-key" -out "$secrets/control-plane-chain" 2>/dev/null
chmod 0444 "$secrets"/*

fingerprint=$(openssl x509 -in "$secrets/control-plane-chain" -noout -fingerprint -sha256 | sed 's/.*=//' | tr -d :)
printf 'VERGE_FINGERPRINT=%s\n' "$fingerprint" >"$here/.env"
echo "prepared $secrets and $here/.env; now: docker compose up --build --detach"
