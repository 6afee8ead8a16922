/** The names of a certificate that the server makes: by what it listens on, and by what it is told. */
import test from 'ava'
import { isName, planNames, readMachine } from '../../../../../server/http/tls/names.ts'

const machine = { hostName: 'box', addresses: ['192.0.2.7', '2001:db8::7'] }
const local = ['localhost', '127.0.0.1', '::1']

test('who listens on one address is known by that, and on its own machine', t => {
  t.deepEqual(planNames([], '10.0.0.1', machine), ['10.0.0.1', ...local])
  t.deepEqual(planNames([], '127.0.0.1', machine), ['127.0.0.1', 'localhost', '::1'])
})

for (const host of ['0.0.0.0', '::'])
  test(`who listens on ${host} is known by what it is told and the machine's name; by its addresses when nothing is told`, t => {
    t.deepEqual(planNames([], host, machine), ['box', ...machine.addresses, ...local])
    t.deepEqual(planNames(['solo.example'], host, machine), ['solo.example', 'box', ...local])
  })

test('the name of a machine that no certificate can hold is left out', t => {
  t.false(planNames([], '::', { ...machine, hostName: 'my box' }).includes('my box'))
})

for (const name of ['solo.example', 'a', '10.0.0.7', 'fd00::1', 'my_box', `${'a'.repeat(63)}.b`])
  test(`${name} is a name`, t => t.true(isName(name)))

for (const name of [
  '',
  'a b',
  '*.example',
  '-a',
  'a-',
  'a..b',
  '../a',
  'a/b',
  'a.',
  `${'a'.repeat(64)}.b`,
  'ü.example',
  'fe80::1%eth0',
])
  test(`"${name}" is none`, t => t.false(isName(name)))

test('of this machine nothing is told that only itself reaches', t => {
  for (const address of readMachine().addresses) t.notRegex(address, /^(?:127\.|::1$|fe80|169\.254)/)
})
