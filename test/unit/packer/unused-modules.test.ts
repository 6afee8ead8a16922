import { matchesGlob } from 'node:path'
import test from 'ava'
import { unusedModules } from '../../../packer/bases/unused-modules.ts'

/** Below the kernel's `kernel/`, as Debian 13 has them. */
const needed = {
  'the firewall, which lets in and redirects by state': [
    ...['nf_tables', 'nft_ct', 'nft_nat', 'nft_redir', 'nft_chain_nat', 'nft_fib', 'nft_fib_inet', 'nf_conntrack'],
  ].map(name => `net/netfilter/${name}.ko.xz`),
  'discs with settings': [
    ...['fs/isofs/isofs', 'fs/udf/udf', 'fs/nls/nls_utf8', 'drivers/cdrom/cdrom', 'drivers/scsi/sr_mod'],
    ...['drivers/ata/ahci', 'drivers/ata/ata_piix', 'drivers/ata/ata_generic'],
  ].map(path => `${path}.ko.xz`),
  'settings that VMware tells': [
    'net/vmw_vsock/vmw_vsock_vmci_transport.ko.xz',
    'drivers/misc/vmw_vmci/vmw_vmci.ko.xz',
  ],
}

/** A folder's pattern takes all that is below it. */
const isRemoved = (path: string): boolean =>
  unusedModules.some(pattern => matchesGlob(path, pattern) || matchesGlob(path, `${pattern}/**`))

for (const [what, paths] of Object.entries(needed))
  test(`modules stay for ${what}`, t => {
    t.deepEqual(paths.filter(isRemoved), [])
  })

test('what is removed would be seen', t => {
  t.true(isRemoved('drivers/gpu/drm/vmwgfx/vmwgfx.ko.xz'))
  t.true(isRemoved('fs/ceph/ceph.ko.xz'))
})
