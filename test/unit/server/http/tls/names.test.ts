/** The names of a certificate that the server makes: by what it listens on, and by what it is told. */
import test from 'ava'
import { isName, parseTemporary, plainOf, planNames, readMachine } from '../../../../../server/http/tls/names.ts'

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

test('addresses that a machine makes up for some hours are told apart, however they are spelled', t => {
  const table = [
    '20010db8000000000000000000000007 02 40 00 80     eth0',
    '20010db8000000001c2d3e4f5a6b7c8d 02 40 00 01     eth0',
    '20010db800000000aaaaaaaaaaaaaaaa 02 40 00 21     eth0',
    'fe8000000000000000fc00fffe000001 04 40 20 80     eth0',
    '',
  ].join('\n')
  const temporary = parseTemporary(table)
  t.deepEqual([...temporary].toSorted(), ['2001:db8::1c2d:3e4f:5a6b:7c8d', '2001:db8::aaaa:aaaa:aaaa:aaaa'])
  t.true(temporary.has(plainOf('2001:0db8:0:0:1c2d:3e4f:5a6b:7c8d')))
  t.deepEqual([...parseTemporary('')], [])
  t.deepEqual([...parseTemporary('no table\nof that kind')], [])
})
