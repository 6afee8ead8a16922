/** The console as a person sees it: real keys into a real terminal, of an appliance that is played. */
import { copyFile, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import test, { type ExecutionContext } from 'ava'
import { shownFile } from '../helpers/console-screens.ts'
import { openPane, type Pane } from '../helpers/pane.ts'

const repository = fileURLToPath(new URL('../../', import.meta.url))
const demo = join(repository, 'provisioning/console/demo.ts')
const screenshots = join(repository, 'build/screenshots/console')
const small = { columns: 80, rows: 25 }

interface Stage extends Pane {
  /** Sees it, and keeps it for people. */
  keep(name: string, pattern: RegExp): Promise<string>
  /** The agent tells something new. */
  tell(name: string): Promise<void>
}

async function open(t: ExecutionContext, name: string): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'console-'))
  t.teardown(() => rm(folder, { recursive: true }))
  const file = join(folder, 'status.json')
  await copyFile(shownFile(name), file)
  const pane = await openPane(t, [process.execPath, demo, '--status', file], small)
  await mkdir(screenshots, { recursive: true })
  return {
    ...pane,
    async keep(shotName, pattern) {
      const screen = await pane.see(pattern)
      await writeFile(join(screenshots, `${shotName}.txt`), screen)
      return screen
    },
    async tell(other) {
      await writeFile(`${file}.new`, await readFile(shownFile(other)))
      await rename(`${file}.new`, file)
    },
  }
}

for (const name of ['booting', 'unclaimed', 'window-over', 'wrong-codes', 'no-network', 'ready', 'degraded'])
  test(`${name}: the screen has its state, and a key to shut down`, async t => {
    const { keep } = await open(t, name)
    const screen = await keep(name, /F10 Shut down/)
    t.regex(screen, /^ Dispatch Solo 0\.1\.0 /)
    t.true(screen.trimEnd().split('\n').length <= small.rows)
  })

test('a hostile host name moves no cursor: every line stands where it shall', async t => {
  const { keep } = await open(t, 'hostile')
  const screen = await keep('hostile', /F10 Shut down/)
  const lines = screen.split('\n')
  t.regex(lines[0] ?? '', /^ Dispatch Solo 0\.1\.0 {3}evil\?\[2J/)
  t.regex(lines[24] ?? '', /^ F2 Network/)
})

test('a network by hand: password, form, a fault at its field, the trial, and it is kept', async t => {
  const { press, type, keep, see } = await open(t, 'ready')
  await see(/READY/)
  await press('F2')
  await keep('password', /The password of root/)
  await type('let me in')
  await press('Enter')
  t.false((await keep('password-wrong', /This is not the password/)).includes('let me in'))
  await type('correct horse')
  // Whoever typed a wrong one waits for a second.
  await see(/This is not the password\.\n/)
  await press('Enter')
  await keep('network', /Address +\[192\.0\.2\.10\/24/)
  await press('Tab', 'C-u')
  await type('192.0.2.77/24')
  await press('Tab', 'C-u')
  await type('10.1.1.1')
  await press('Enter')
  await keep('network-refused', /does not lie in the network of 192\.0\.2\.77\/24/)
  await press('C-u')
  await type('192.0.2.2')
  await press('Enter')
  await keep('network-trial', /Keep the new network\?/)
  await press('Escape')
  await keep('trial', /F2 Keep network/)
  await press('F2')
  await type('correct horse')
  await press('Enter')
  await see(/Keep the new network\?/)
  await press('Enter')
  await keep('network-kept', /The new network is kept\./)
})

test('DHCP has no address to fill in', async t => {
  const { press, keep, see } = await open(t, 'unclaimed')
  await see(/UNCLAIMED/)
  await press('F2')
  await see(/Gateway/)
  await press('Space')
  const screen = await keep('network-dhcp', /\(\*\) DHCP/)
  t.false(screen.includes('Gateway'))
})

test('set-up is opened again', async t => {
  const { press, keep, see } = await open(t, 'window-over')
  await see(/F3 Re-open set-up/)
  await press('F3')
  t.regex(await keep('reopened', /W3NP7-9HZCB/), /open for another/)
})

test('a reboot wants the password, and is asked for twice', async t => {
  const { press, type, keep, see, hasEnded } = await open(t, 'ready')
  await see(/READY/)
  await press('F8')
  await see(/The password of root/)
  await type('correct horse')
  await press('Enter')
  await keep('reboot', /Reboot this appliance\?/)
  await press('Escape')
  await see(/READY/)
  t.false(await hasEnded())
  await press('r')
  await see(/The password of root/)
  await type('correct horse')
  await press('Enter')
  await see(/Reboot this appliance\?/)
  await press('Enter')
  await t.notThrowsAsync(see(/The machine would reboot now\./))
})

test('shutting down wants no password', async t => {
  const { press, keep, see } = await open(t, 'ready')
  await see(/READY/)
  await press('F10')
  await keep('shut-down', /Shut this appliance down\?/)
  await press('Enter')
  await t.notThrowsAsync(see(/The machine would shut down now\./))
})

test('the Linux console has function keys of its own', async t => {
  const { send, see } = await open(t, 'unclaimed')
  await see(/UNCLAIMED/)
  // ESC [ [ B
  await send(0x1b, 0x5b, 0x5b, 0x42)
  await see(/Space Change/)
  await send(0x1b)
  await t.notThrowsAsync(see(/UNCLAIMED/))
})

test('a claim elsewhere closes what was opened without a password', async t => {
  const { press, see, tell } = await open(t, 'unclaimed')
  await see(/UNCLAIMED/)
  await press('F2')
  await see(/Gateway/)
  await tell('ready')
  const screen = await see(/READY/)
  t.false(screen.includes('K7MQ4'))
  await press('F2')
  await see(/The password of root/)
})

test('another size is filled, and a small one says so', async t => {
  const { resize, see, keep } = await open(t, 'ready')
  await see(/READY/)
  await resize({ columns: 132, rows: 50 })
  await keep('ready-132x50', /(?:[0-9A-F]{2}:){31}[0-9A-F]{2}/)
  await resize({ columns: 40, rows: 10 })
  await see(/too small \(40x10\)/)
  await resize(small)
  await t.notThrowsAsync(see(/F10 Shut down/))
})
