/** What keys do: who is asked for a password, what is asked twice, what closes by itself. */
import test from 'ava'
import type { KeyName } from '../../../../provisioning/console/keys.ts'
import { menuFor } from '../../../../provisioning/console/menu.ts'
import { idleMs } from '../../../../provisioning/console/reducer.ts'
import type { Outcome } from '../../../../provisioning/console/view.ts'
import type { Fault } from '../../../../provisioning/firstboot/settings.ts'
import { createReader, type Reader } from '../../../helpers/console-keys.ts'
import { loadShown, shownNames } from '../../../helpers/console-screens.ts'

const open = (name: string): Reader => {
  const { shown, nowMs } = loadShown(name)
  return createReader(shown, nowMs)
}
const right: Outcome = { kind: 'password', isRight: true }
const wrong: Outcome = { kind: 'password', isRight: false }
const done: Outcome = { kind: 'done' }
const values = { 'network.ip0': '192.0.2.10/24', 'network.gateway': '192.0.2.1', 'network.DNS': '192.0.2.53' }

function unlock(reader: Reader, key: KeyName): void {
  reader.press(key, { text: 'pass' }, 'Enter')
  reader.effects()
  reader.end(right)
}

test('each key that is shown does something, and no other does', t => {
  for (const name of shownNames) {
    const { shown } = loadShown(name)
    const offered = menuFor(shown).map(({ key }) => key)
    for (const key of ['F2', 'F3', 'F8', 'F9', 'F10'] as const) {
      const reader = open(name)
      reader.press(key)
      t.is(reader.view().page.kind !== 'status', offered.includes(key), `${name}: ${key}`)
    }
  }
})

test('letters do what function keys do', t => {
  const reader = open('ready')
  reader.press({ text: 'R' })
  t.like(reader.view().page, { kind: 'password', wish: 'reboot' })
})

test('once claimed the network and a reboot take a password; shutting down and logging in do not', t => {
  const reader = open('ready')
  const kindAfter = (key: KeyName) => {
    reader.press('Escape', key)
    return reader.view().page.kind
  }
  t.deepEqual(
    ['F2', 'F8', 'F10'].map(key => kindAfter(key as KeyName)),
    ['password', 'password', 'confirm'],
  )
  t.deepEqual(reader.effects(), [])
  reader.press('Escape', 'F9')
  t.deepEqual(reader.effects(), [{ kind: 'log-in' }])
})

test('keeping a network that is tried takes a password, and a key more', t => {
  const reader = open('trial')
  reader.press('F2')
  t.is(reader.view().page.kind, 'password')
  reader.press({ text: 'pass' }, 'Enter')
  t.deepEqual(reader.effects(), [{ kind: 'verify-password', text: 'pass' }])
  reader.end(right)
  t.is(reader.view().page.kind, 'trial')
  reader.press('Enter')
  t.deepEqual(reader.effects(), [{ kind: 'keep-network' }])
  reader.end(done)
  t.is(reader.view().notice?.text, 'The new network is kept.')
})

test('before the claim nothing takes a password', t => {
  const reader = open('window-over')
  reader.press('F2')
  t.deepEqual(reader.effects(), [{ kind: 'load-network' }])
  reader.end({ kind: 'failed', message: 'The agent is busy.' })
  t.is(reader.view().notice?.text, 'The agent is busy.')
  reader.press('F3')
  t.deepEqual(reader.effects(), [{ kind: 'reopen-setup' }])
})

test('a reboot is asked for twice, and Escape takes it back', t => {
  const reader = open('unclaimed')
  reader.press('F8', 'Escape', 'F8')
  t.deepEqual(reader.effects(), [])
  reader.press('Enter')
  t.deepEqual(reader.effects(), [{ kind: 'reboot' }])
  reader.end(done)
  t.like(reader.view().page, { kind: 'waiting', text: 'Rebooting' })
})

test('after wrong passwords the next one must wait, ever longer, also after the page was left', t => {
  const reader = open('ready')
  const waits: number[] = []
  let nowMs = loadShown('ready').nowMs
  for (let count = 0; count < 9; count += 1) {
    reader.press('Escape', 'F2', { text: 'no' }, 'Enter')
    t.is(reader.effects().length, 1)
    reader.end(wrong)
    waits.push(reader.view().lock.waitUntilMs - nowMs)
    reader.press({ text: 'again' }, 'Enter', 'Escape', 'F8', { text: 'again' }, 'Enter')
    t.deepEqual(reader.effects(), [], 'nothing is looked at while it waits')
    reader.wait(waits.at(-1) ?? 0)
    nowMs += waits.at(-1) ?? 0
  }
  t.deepEqual(waits, [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000])
  reader.press('Escape')
  unlock(reader, 'F2')
  t.is(reader.view().lock.wrongCount, 0)
})

test('a password is kept no longer than it is typed', t => {
  const reader = open('ready')
  reader.press('F2', { text: 'secret' }, 'Enter')
  t.false(JSON.stringify(reader.view()).includes('secret'))
  reader.end(wrong)
  reader.press({ text: 'sesam' }, 'Escape')
  t.false(JSON.stringify(reader.view()).includes('sesam'))
})

test('the form of the network is filled in, edited, and sent', t => {
  const reader = open('ready')
  unlock(reader, 'F2')
  t.is(reader.view().page.kind, 'waiting')
  reader.end({ kind: 'network-loaded', values })
  reader.press('Tab', 'Home', 'Delete', { text: '2' }, 'Down', 'ClearField', { text: '192.0.2.2ä' }, 'BackTab', 'End')
  reader.press('Backspace', { text: '5' }, 'Enter')
  const sent = { 'network.ip0': '292.0.2.10/25', 'network.netmask0': '', 'network.gateway': '192.0.2.2' }
  t.deepEqual(reader.effects().at(-1), { kind: 'change-network', values: { ...sent, 'network.DNS': '192.0.2.53' } })
})

test('DHCP takes address and gateway back, and keeps the name servers', t => {
  const reader = open('unclaimed')
  reader.press('F2')
  reader.end({ kind: 'network-loaded', values })
  reader.press({ text: ' ' }, 'Enter')
  const sent = { 'network.ip0': '', 'network.netmask0': '', 'network.gateway': '', 'network.DNS': '192.0.2.53' }
  t.deepEqual(reader.effects().at(-1), { kind: 'change-network', values: sent })
})

test('a static address that is empty is not sent: it would mean DHCP', t => {
  const reader = open('unclaimed')
  reader.press('F2')
  reader.end({ kind: 'network-loaded', values: {} })
  reader.effects()
  reader.press('Right', 'Enter')
  t.deepEqual(reader.effects(), [])
  t.like(reader.view().page, { form: { focus: 'address', faults: [{ key: 'network.ip0' }] } })
})

test('what the agent refuses is said at the field, until that is changed', t => {
  const reader = open('unclaimed')
  const faults: Fault[] = [{ key: 'network.gateway', problem: 'is elsewhere', instead: '' }]
  reader.press('F2')
  reader.end({ kind: 'network-loaded', values })
  reader.press('Enter')
  reader.end({ kind: 'network-answered', answer: { reason: 'faults', message: 'There are faults.', faults } })
  t.like(reader.view().page, { kind: 'network', form: { focus: 'gateway', faults } })
  reader.press('Backspace')
  t.like(reader.view().page, { form: { faults: [] } })
})

test('after a trial has begun its end closes the page, whoever brings it about', t => {
  const [{ shown: trial, nowMs }, { shown: ready }] = [loadShown('trial'), loadShown('ready')]
  const reader = open('ready')
  unlock(reader, 'F2')
  reader.end({ kind: 'network-loaded', values })
  reader.press('Enter')
  reader.end({ kind: 'network-answered', answer: { outcome: 'trial', untilMs: nowMs + 90_000 } })
  reader.tell(ready)
  t.is(reader.view().page.kind, 'trial', 'the status tells of it a moment later')
  reader.tell(trial)
  reader.tell(ready)
  t.is(reader.view().page.kind, 'status')
  t.is(reader.view().notice?.text, 'The trial of the new network is over.')
})

test('whoever goes away leaves nothing open behind', t => {
  const reader = open('ready')
  unlock(reader, 'F2')
  reader.end({ kind: 'network-loaded', values })
  reader.wait(idleMs - 1)
  t.is(reader.view().page.kind, 'network')
  reader.press('Tab')
  reader.wait(idleMs)
  t.is(reader.view().page.kind, 'status')
})

test('a password that turns out right after its page has closed opens nothing, not even what is asked for now', t => {
  const reader = open('ready')
  reader.press('F2', { text: 'pass' }, 'Enter')
  const { ticket } = reader.view()
  reader.wait(idleMs)
  reader.press('F8', { text: 'guess' }, 'Enter')
  reader.endLate(right, ticket)
  t.is(reader.view().page.kind, 'waiting')
  reader.end(wrong)
  t.like(reader.view().page, { kind: 'password', wish: 'reboot' })
})

test('a form that was opened without a password is closed by the claim', t => {
  const reader = open('unclaimed')
  reader.press('F2')
  reader.end({ kind: 'network-loaded', values })
  reader.tell(loadShown('ready').shown)
  t.is(reader.view().page.kind, 'status')
  reader.press('F2')
  t.is(reader.view().page.kind, 'password')
})

test('a notice goes after a while', t => {
  const reader = open('ready')
  reader.press('F9')
  reader.end({ kind: 'failed', message: 'There is no tty2.' })
  reader.wait(9000)
  t.is(reader.view().notice?.text, 'There is no tty2.')
  reader.wait(1000)
  t.is(reader.view().notice, undefined)
})
