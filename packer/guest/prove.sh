#!/bin/sh
# In the guest: starts the server once, as it will start at every boot but without TLS, for whose certificate there is no
# agent here, and waits until it is ready and healthy; then looks at all other units.
set -eu

dropin=/run/systemd/system/dispatch-server.service.d
mkdir -p "$dropin"
printf '[Service]\nEnvironment=DISPATCH_ENABLE_TLS=false\n' > "$dropin/bake.conf"
systemctl daemon-reload

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
socket=$(stat --format '%a %U:%G' /run/dispatch/api.sock)
[ "$socket" = '660 dispatch:dispatch' ] || { echo "The local socket is $socket, not 660 dispatch:dispatch." >&2; exit 1; }

failed=$(systemctl list-units --failed --plain --no-legend --no-pager)
[ -z "$failed" ] || { printf 'Failed units:\n%s\n' "$failed" >&2; exit 1; }
# A network without DHCP must not hold up Docker and the server: nothing may wait for an address.
waits=$(systemctl is-enabled systemd-networkd-wait-online.service || true)
[ "$waits" = masked ] || { echo "systemd-networkd-wait-online.service is $waits, not masked." >&2; exit 1; }

systemctl stop dispatch-server.service
rm -rf /var/lib/dispatch
