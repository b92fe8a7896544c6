#!/usr/bin/env bash
# What the parts of this folder share: the cloud, a home folder and a deployment of their own, and the words that they end with. Sourced.
#   LAB=FOLDER       the cloud to try it on (default: ../shared/lab)
#   CLOUD_WORK=DIR   where deploy.yml and the home folder are (default: a new folder that is removed at the end)
#   PROGRAM, RELEASE the program of this machine, and the archive that the hosts get
# shellcheck shell=bash
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit

lab=${LAB:-../shared/lab}
[ -x "$lab/up" ] || { echo "cloud: there is no cloud to try it on ($lab): nothing was tried" >&2; exit 0; }
lab=$(realpath "$lab")
program=$(realpath "${PROGRAM:-.build/release/learners}")
playbook=$PWD/deploy/ansible/site.yml
parts=$PWD/scripts/cloud

step_start=$(date +%s)
step() {
  local now
  now=$(date +%s)
  [ -z "${step_name:-}" ] || printf '== %s: %d s\n\n' "$step_name" $((now - step_start))
  step_name=$1 step_start=$now
  echo "== $1 …"
}
fail() {
  echo "cloud: $1" >&2
  exit 1
}

# The folder has the keys of machines that may be there still.
leave_cloud() {
  local status=$?
  if [ "$status" = 0 ] && [ -z "${CLOUD_KEEP:-}" ]; then rm -rf "$work"; else echo "cloud: what there is, is described in CLOUD_WORK=$work" >&2; fi
}

enter_cloud() {
  # It brings the tools of a control machine with it.
  "$lab/up" >/dev/null
  local tool
  for tool in ansible-playbook ssh git curl jq; do
    command -v "$tool" >/dev/null || { echo "cloud: $tool is not here: apt-get install ansible-core openssh-client git curl jq" >&2; exit 69; }
  done
  local state=${LAB_DIR:-${TMPDIR:-/tmp}/cloud-lab}
  OS_PASSWORD=$(cat "$state/password")
  export OS_PASSWORD
  # shellcheck disable=SC1091
  . "$state/openrc"
  if [ -n "${CLOUD_WORK:-}" ]; then
    work=$(realpath "$CLOUD_WORK")
  else
    work=$(mktemp -d)
    trap leave_cloud EXIT
  fi
  export CLOUD_WORK=$work HOME=$work/home LAB=$lab PROGRAM=$program
  mkdir -p "$HOME"
}

control() { "$lab/ctl" env HOME="$HOME" "$@"; }
deploy() { (cd "$work" && control "$program" deploy "$@"); }
on() { control ssh -F "$HOME/.ssh/config.d/learners" -o LogLevel=ERROR "$@"; }

# Everything that the cloud's own lists have, or one kind of it.
listed() { control python3 "$parts/lists.py" "$@"; }

# A description as init writes it; with a second argument the machines get that release, and models are judged by a table.
describe() {
  deploy init
  [ -n "${1:-}" ] || return 0
  "$program" sample --rows 2000 --seed 7 --out "$work/held-out.csv"
  sed -i -e "/^# release:/d" -e "/^release:/d" -e "s|^playbook:.*|release: $1\nplaybook: $playbook\nheld-out: $work/held-out.csv|" \
    -e '0,/floating-address: no/s//floating-address: yes/' "$work/deploy.yml"
  grep -q "^release:" "$work/deploy.yml" || fail "deploy.yml has no release"
}

# The model that visitors get, by its sum; nothing where there is none.
served() { on prod "sha256sum /srv/learners/models/best.safetensors 2>/dev/null | cut -c 1-12"; }
