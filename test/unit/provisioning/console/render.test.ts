/** The screen: as it looks in each state and size, and what holds of it whatever it is told. */
import test from 'ava'
import fc from 'fast-check'
import { createNetworkForm } from '../../../../provisioning/console/network-form.ts'
import { renderScreen, smallestSize } from '../../../../provisioning/console/render.ts'
import { stripEmphasis } from '../../../../provisioning/console/text.ts'
import { createView, type Page, type Shown, type Size, type View } from '../../../../provisioning/console/view.ts'
import { loadShown, shownNames } from '../../../helpers/console-screens.ts'

const sizes: readonly Size[] = [
  { columns: 80, rows: 25 },
  { columns: 100, rows: 37 },
  { columns: 132, rows: 50 },
]

for (const name of shownNames)
  for (const size of sizes)
    test(`${name} at ${size.columns}x${size.rows}`, t => {
      const { shown, nowMs } = loadShown(name)
      const lines = renderScreen(shown, createView(shown, nowMs), { size, nowMs })
      t.snapshot(lines.map(stripEmphasis).join('\n'))
    })

const at = { size: { columns: 80, rows: 25 }, nowMs: 0 }

function textOf(shown: Shown, { page, nowMs, ...rest }: Partial<View> & { nowMs: number }, size = at.size): string {
  const view = createView(shown, nowMs)
  return renderScreen(shown, { ...view, ...rest, page: page ?? view.page }, { size, nowMs })
    .map(stripEmphasis)
    .join('\n')
}

test('every form at 80x25', t => {
  const { shown, nowMs } = loadShown('ready')
  const form = createNetworkForm({ 'network.ip0': '192.0.2.10', 'network.netmask0': '255.255.255.0' })
  const pages: Page[] = [
    { kind: 'password', wish: 'network', typed: 'secret', problem: 'This is not the password.' },
    { kind: 'confirm', wish: 'reboot' },
    { kind: 'confirm', wish: 'shut-down' },
    { kind: 'network', form },
    { kind: 'network', form: { ...form, isStatic: false } },
    {
      kind: 'network',
      form: { ...form, focus: 'gateway', faults: [{ key: 'network.gateway', problem: 'is elsewhere', instead: '' }] },
    },
    { kind: 'waiting', text: 'The network is being tried', after: { kind: 'status' } },
  ]
  for (const page of pages) t.snapshot(textOf(shown, { page, nowMs }))
  const trial = loadShown('trial')
  t.snapshot(textOf(trial.shown, { page: { kind: 'trial', untilMs: nowMs, isSeen: true }, nowMs }))
})

test('neither a password nor its length is on the screen', t => {
  const { shown, nowMs } = loadShown('ready')
  const screenFor = (typed: string) => textOf(shown, { page: { kind: 'password', wish: 'reboot', typed }, nowMs })
  t.is(screenFor('correct horse'), screenFor(''))
})

test('once claimed there is no setup code, even where one is handed over', t => {
  const { shown, nowMs } = loadShown('ready')
  t.false(textOf({ ...shown, code: 'K7MQ4-XTD9R' }, { nowMs }).includes('K7MQ4'))
})

test('code and address are whole or not there: forty addresses become a few, and their number', t => {
  const { shown, nowMs } = loadShown('unclaimed')
  const addresses = Array.from({ length: 40 }, (_, index) => ({ link: 'ens192', address: `2001:db8::${1000 + index}` }))
  const text = textOf({ ...shown, status: { ...shown.status, addresses } }, { nowMs })
  const seen = [...text.matchAll(/2001:db8::\d+/g)].map(([address]) => address)
  const hidden = Number(/\+(\d+) more/.exec(text)?.[1])
  t.true(seen.length > 0 && hidden > 0)
  t.is(seen.length + hidden, 40)
  t.deepEqual(
    seen,
    addresses.slice(0, seen.length).map(({ address }) => address),
  )
  t.true(text.includes(' K7MQ4-XTD9R '))
})

test('a fingerprint is on the screen with all of its digits', t => {
  const { shown, nowMs } = loadShown('ready')
  const text = textOf(shown, { nowMs }).replace(/\s+/g, ' ').replace(/: /g, ':')
  t.true(text.replaceAll(' ', ':').includes(shown.status.fingerprints.tls ?? 'none'))
})

test('on a terminal that is too small the state is told, and what size is needed', t => {
  const { shown, nowMs } = loadShown('ready')
  const text = textOf(shown, { nowMs }, { columns: 40, rows: 10 })
  t.regex(text, /^Dispatch Solo: ready\nThis screen is too small/)
})

/** Text as nobody would wish it. */
const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({
    unit: fc.constantFrom('\u001b', '[', '2', 'J', '\n', '\u009b', 'a', '.', ':', ' ', '\u202e', 'ä', '語'),
  }),
)
const hostileShown: fc.Arbitrary<Shown> = fc.record({
  code: fc.constant('K7MQ4-XTD9R'),
  account: fc.constantFrom('root', 'admin'),
  status: fc.record({
    product: hostile,
    version: hostile,
    state: fc.constantFrom('booting', 'unclaimed', 'ready', 'degraded', 'resetting'),
    reasons: fc.array(hostile),
    hostName: hostile,
    urls: fc.array(fc.record({ name: hostile, url: hostile })),
    addresses: fc.array(
      fc.record(
        { link: hostile, address: hostile, asked: fc.record({ matches: fc.boolean(), text: hostile }) },
        { requiredKeys: ['link', 'address'] },
      ),
    ),
    fingerprints: fc.record({ tls: hostile, ssh: hostile }, { requiredKeys: [] }),
    health: fc.array(fc.record({ name: fc.constantFrom('docker', 'disk', 'clock'), ok: fc.boolean(), text: hostile })),
    faults: fc.array(fc.record({ key: hostile, problem: hostile, instead: hostile })),
    failures: fc.array(hostile),
    lastError: hostile,
    setup: fc.record({ isOpen: fc.boolean(), openUntilMs: fc.integer(), waitUntilMs: fc.integer() }),
    trial: fc.record({ untilMs: fc.integer(), addresses: fc.array(hostile) }),
  }),
})
const hostilePage: fc.Arbitrary<Page> = fc.oneof(
  fc.constant<Page>({ kind: 'status' }),
  fc.constant<Page>({ kind: 'trial', untilMs: 9000, isSeen: false }),
  fc.record({ kind: fc.constant('password'), wish: fc.constant('network'), typed: hostile, problem: hostile }),
  fc.record({
    kind: fc.constant('network'),
    form: fc.record({
      isStatic: fc.boolean(),
      address: fc.record({ text: fc.string({ maxLength: 300 }), cursor: fc.nat(300) }),
      gateway: fc.record({ text: fc.string(), cursor: fc.nat(20) }),
      nameServers: fc.record({ text: fc.string(), cursor: fc.nat(20) }),
      focus: fc.constantFrom('mode', 'address', 'gateway', 'nameServers'),
      faults: fc.array(fc.record({ key: hostile, problem: hostile, instead: hostile })),
    }),
  }),
)
const anySize = fc.record({ columns: fc.integer({ min: 1, max: 200 }), rows: fc.integer({ min: 1, max: 70 }) })

test('never more than the size, and never anything but printable ASCII, bold and reverse', t => {
  fc.assert(
    fc.property(hostileShown, hostilePage, anySize, hostile, (shown, page, size, text) => {
      const view: View = { ...createView(shown, 0), page, notice: { text, untilMs: 1 } }
      const lines = renderScreen(shown, view, { size, nowMs: 0 })
      t.is(lines.length, size.rows)
      for (const line of lines) {
        t.regex(stripEmphasis(line), /^[\x20-\x7e]*$/)
        t.true(stripEmphasis(line).length <= size.columns, line)
      }
      const isLegible = size.columns >= smallestSize.columns && size.rows >= smallestSize.rows
      if (isLegible) t.true(stripEmphasis(lines.at(-1) ?? '').length === size.columns)
    }),
    { numRuns: 300 },
  )
})
