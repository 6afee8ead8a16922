import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { findExposed, listOwnUnits, planSecurity, planVerify } from '../../../packer/hygiene/units.ts'
import { createShell, type Shell } from '../../../packer/shell.ts'
import { repository } from '../../../packer/source.ts'

const rootfs = join(repository, 'provisioning/rootfs')
const unitsPath = 'etc/systemd/system'
const own = await listOwnUnits(rootfs)

/** The overlay over this machine's own units, with empty programs where ours and the packages' will be. */
async function createRoot(t: ExecutionContext): Promise<{ root: string; shell: Shell }> {
  const root = await mkdtemp(join(tmpdir(), 'units-'))
  t.teardown(() => rm(root, { recursive: true }))
  await cp(rootfs, root, { recursive: true, verbatimSymlinks: true })
  await cp('/usr/lib/systemd/system', join(root, 'usr/lib/systemd/system'), { recursive: true, verbatimSymlinks: true })
  const shell = createShell({ logFile: join(root, 'shell.log'), signal: new AbortController().signal })
  for (const program of await listPrograms())
    await shell.run(['install', '-D', '-m', '0755', '/bin/true', join(root, program)])
  return { root, shell }
}

/** What our units start, wherever it comes from. */
async function listPrograms(): Promise<string[]> {
  const texts = await Promise.all(own.units.map(name => readFile(join(rootfs, unitsPath, name), 'utf8')))
  const starts = texts.flatMap(text => [...text.matchAll(/^Exec\w+=[-+!:@]*(\/\S+)/gm)])
  return [...new Set(starts.map(([, program = '']) => program))]
}

/** Of our own units alone; this machine's are not ours to judge. */
const verify = ({ root, shell }: { root: string; shell: Shell }): Promise<string> =>
  shell.run(['systemd-analyze', ...planVerify({ ...own, changed: [] }), '--recursive-errors=no', `--root=${root}`])

test('systemd has nothing to say against our units', async t => {
  await t.notThrowsAsync(verify(await createRoot(t)))
})

for (const name of own.units) {
  test(`systemd would speak up about a wrong one: ${name}`, async t => {
    const bench = await createRoot(t)
    const unit = await readFile(join(bench.root, unitsPath, name), 'utf8')
    await writeFile(join(bench.root, unitsPath, name), `${unit}\n[Unit]\nNoSuchKey=yes\n`)
    await t.throwsAsync(verify(bench), { message: /NoSuchKey/ })
  })
}

test('our services are closed: none is more open than it may be', async t => {
  const { root, shell } = await createRoot(t)
  const printed = await shell.run(['systemd-analyze', ...planSecurity(own), `--root=${root}`])
  t.deepEqual(findExposed(own, printed), [])
})

test('a service that is closed no more is found', async t => {
  const { root, shell } = await createRoot(t)
  const path = join(root, unitsPath, 'dispatch-server.service')
  const unit = await readFile(path, 'utf8')
  await writeFile(path, unit.replace(/^(User|CapabilityBoundingSet|SystemCallFilter)=.*$/gm, ''))
  const printed = await shell.run(['systemd-analyze', ...planSecurity(own), `--root=${root}`])
  t.regex(findExposed(own, printed).join(), /^dispatch-server\.service is open by \d\.\d of 10, where 2\.5 are allowed/)
})

test('the first boot enables what the preset lists, and what comes along with it by Also= is known', async t => {
  const { root, shell } = await createRoot(t)
  await shell.run(['systemctl', `--root=${root}`, 'preset-all'])
  const list = ['list-unit-files', '--state=enabled', '--no-legend', '--plain']
  const enabled = (await shell.run(['systemctl', `--root=${root}`, ...list])).trim().split('\n')
  const names = enabled.map(line => line.split(/\s+/)[0] ?? '')
  const preset = await readFile(join(rootfs, 'etc/systemd/system-preset/10-appliance.preset'), 'utf8')
  t.deepEqual(
    names.filter(name => !preset.split('\n').includes(`enable ${name}`)),
    ['systemd-networkd.socket'],
  )
  for (const name of ['dispatch-server.service', 'systemd-networkd.service']) t.true(names.includes(name), name)
})

test('nothing waits for an address: the network may have no DHCP', async t => {
  const { root, shell } = await createRoot(t)
  await shell.run(['systemctl', `--root=${root}`, 'preset-all'])
  const ask = 'systemctl --root="$1" is-enabled systemd-networkd-wait-online.service || true'
  t.is((await shell.run(['sh', '-c', ask, 'sh', root])).trim(), 'masked')
})

test('no login starts on tty1, which is the console of the appliance; those on tty2 and the serial port stay', async t => {
  const { root, shell } = await createRoot(t)
  await shell.run(['systemctl', `--root=${root}`, 'preset-all'])
  const ask = 'systemctl --root="$1" is-enabled "$2" || true'
  const isEnabled = async (unit: string) => (await shell.run(['sh', '-c', ask, 'sh', root, unit])).trim()
  t.is(await isEnabled('autovt@tty1.service'), 'masked')
  t.is(await isEnabled('getty@tty1.service'), 'disabled')
  for (const unit of ['autovt@tty2.service', 'serial-getty@ttyS0.service'])
    t.is(await isEnabled(unit), 'disabled', unit)
})

test('stopping the firewall takes away our own table, not the rules of Docker', async t => {
  const dropIn = await readFile(join(rootfs, 'etc/systemd/system/nftables.service.d/10-appliance.conf'), 'utf8')
  const stops = dropIn.split('\n').filter(line => line.startsWith('ExecStop='))
  const rules = await readFile(join(rootfs, 'etc/nftables.conf'), 'utf8')
  const tables = [...new Set(rules.match(/(?<=^table ).*?(?= \{|$)/gm))]
  t.deepEqual(stops, ['ExecStop=', ...tables.map(table => `ExecStop=/usr/sbin/nft delete table ${table}`)])
})
