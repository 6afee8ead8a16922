#!/bin/sh
# In the guest: puts the payload (PAYLOAD, a disk or a file) in place, makes the accounts, enables the units, loads the runtime images into Docker.
set -eu

tar -C / --no-same-owner --no-overwrite-dir -xpf "$PAYLOAD"
chmod 0700 /root/.dispatch
chmod 0600 /root/.dispatch/config.json

systemd-sysusers
usermod --lock root
systemctl preset-all --quiet
systemctl daemon-reload
nft --check --file /etc/nftables.conf

systemctl restart containerd.service docker.service
for archive in /var/tmp/runtimes/*.tar; do
  [ -e "$archive" ] || { echo 'The payload holds no archive of a runtime image.' >&2; exit 1; }
  docker load --quiet --input "$archive"
done
rm -rf /var/tmp/runtimes
