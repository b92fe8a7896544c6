# Which engine runs the containers, for the commands beside this file: sets ENGINE and compose. To be read, not run.
# shellcheck shell=bash

fail() {
  printf '%s: %s\n' "${0##*/}" "$2" >&2
  exit "$1"
}

choose_engine() {
  if [ -z "${ENGINE:-}" ]; then
    if docker compose version >/dev/null 2>&1; then ENGINE=docker; else ENGINE=podman; fi
  fi
  case $ENGINE in
    docker) compose=(docker compose) ;;
    podman) compose=(podman-compose) ;;
    *) fail 64 "ENGINE=$ENGINE: it must be docker or podman" ;;
  esac
  command -v "${compose[0]}" >/dev/null || fail 69 "neither docker compose nor podman-compose is here: install one of them"
  # podman-compose takes this from the environment alone.
  [ -n "${COMPOSE_FILE:-}" ] || COMPOSE_FILE=$(setting COMPOSE_FILE)
  if [ -n "$COMPOSE_FILE" ]; then export COMPOSE_FILE; else unset COMPOSE_FILE; fi
}

# A variable of .env; nothing where it is not set.
setting() {
  [ ! -f .env ] || sed -n "s/^$1=//p" .env | tail -n 1
}
