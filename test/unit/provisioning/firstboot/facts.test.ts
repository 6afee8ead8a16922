import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { gatherFacts } from '../../../../provisioning/firstboot/facts.ts'

const debian = 'PRETTY_NAME="Debian GNU/Linux 13 (trixie)"\nID=debian\n'

async function createRoot(t: ExecutionContext, files: Record<string, string>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'facts-'))
  t.teardown(() => rm(root, { recursive: true }))
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), text)
  }
  return root
}

interface Card {
  name: string
  /** Below /sys/devices; absent for what is no card. */
  place?: string
  mac: string
  type?: string
}

/** As the kernel shows it: a folder of links into the tree of devices. */
async function addCard(root: string, { name, place, mac, type = '1' }: Card): Promise<void> {
  const device = join(root, 'sys/devices', place ?? 'virtual')
  const card = join(device, 'net', name)
  await mkdir(card, { recursive: true })
  await writeFile(join(card, 'address'), `${mac}\n`)
  await writeFile(join(card, 'type'), `${type}\n`)
  await mkdir(join(root, 'sys/class/net'), { recursive: true })
  await symlink(card, join(root, 'sys/class/net', name))
  if (place === undefined) return
  await symlink(device, join(card, 'device'))
  await mkdir(join(root, 'sys/bus/drivers/vmxnet3'), { recursive: true })
  await symlink(join(root, 'sys/bus/drivers/vmxnet3'), join(device, 'driver')).catch(() => undefined)
}

test('cards stand in the order of their places, and nothing is taken for one that is none', async t => {
  const root = await createRoot(t, { '/etc/os-release': debian })
  await addCard(root, { name: 'ens256', place: 'pci0000:00/0000:00:17.0/0000:1b:00.0', mac: '00:0c:29:00:00:02' })
  await addCard(root, { name: 'eth9', place: 'pci0000:00/0000:00:15.0/0000:03:00.0', mac: '00:0c:29:00:00:01' })
  for (const name of ['lo', 'docker0', 'veth1a2b', 'dispatch-0123456'])
    await addCard(root, { name, mac: '02:42:00:00:00:01' })
  await addCard(root, { name: 'ib0', place: 'pci0000:00/0000:00:01.0', mac: '80:00', type: '32' })
  const { links } = await gatherFacts({ root })
  t.deepEqual(links, [
    { name: 'eth9', mac: '00:0c:29:00:00:01', driver: 'vmxnet3' },
    { name: 'ens256', mac: '00:0c:29:00:00:02', driver: 'vmxnet3' },
  ])
})

test('passwords are those that somebody could type: neither locked nor absent ones', async t => {
  const cases: [string, string[]][] = [
    ['root:!*:20454::::::\nadmin:!*:20454::::::\n', []],
    ['root:*:20454::::::\nadmin::20454::::::\n', []],
    ['root:!$y$j9T$a$b:20454::::::\nadmin:$y$j9T$a$b:20454::::::\n', ['admin']],
    ['root:$y$j9T$a$b:20454::::::\nrooted:$y$j9T$a$b:20454::::::\n', ['root']],
  ]
  for (const [shadow, passwords] of cases) {
    const root = await createRoot(t, { '/etc/shadow': shadow })
    t.deepEqual((await gatherFacts({ root })).passwords, passwords)
  }
})

test('the base is told by what a distribution says of itself', async t => {
  const cases: [string, 'debian' | 'other'][] = [
    [debian, 'debian'],
    ['ID=ubuntu\nID_LIKE=debian\n', 'debian'],
    ['ID=mint\nID_LIKE="ubuntu debian"\n', 'debian'],
    ['ID=photon\nHOME="https://debian.example"\n', 'other'],
    ['', 'other'],
  ]
  for (const [text, base] of cases)
    t.is((await gatherFacts({ root: await createRoot(t, { '/etc/os-release': text }) })).base, base, text)
})

test('of authorities only those are known that a plan has made; the name is that of now', async t => {
  const folder = '/usr/local/share/ca-certificates'
  const root = await createRoot(t, {
    '/etc/os-release': debian,
    '/proc/sys/kernel/hostname': 'solo\n',
    [`${folder}/appliance-0123456789ab.crt`]: '',
    [`${folder}/company.crt`]: '',
  })
  const { authorityFiles, hostName } = await gatherFacts({ root })
  t.deepEqual(authorityFiles, ['appliance-0123456789ab.crt'])
  t.is(hostName, 'solo')
})

test('a machine that tells nothing is one without cards and units', async t => {
  const facts = await gatherFacts({ root: await createRoot(t, {}) })
  t.deepEqual(facts, { base: 'other', links: [], hostName: '', passwords: [], authorityFiles: [] })
})
