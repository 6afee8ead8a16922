#!/bin/sh
# In the guest: starts the server once, as it will start at every boot, and waits until it is ready and healthy.
set -eu

systemctl start dispatch-server.service || {
  journalctl --no-pager --unit dispatch-server.service | tail -n 40
  exit 1
}
/usr/lib/dispatch/node --eval '
  fetch("http://127.0.0.1:8080/healthz").then(async response => {
    console.log(response.status, await response.text())
    process.exitCode = response.ok ? 0 : 1
  })
'
dispatch version
systemctl --no-pager --failed --plain
systemctl stop dispatch-server.service
rm -rf /var/lib/dispatch
