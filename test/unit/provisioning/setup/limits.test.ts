import { createServer } from 'node:http'
import { Socket } from 'node:net'
import test, { type ExecutionContext } from 'ava'
import { boundConnections } from '../../../../provisioning/setup/limits.ts'
import { peerOf } from '../../../../provisioning/setup/peer.ts'

test('a peer is an address of IPv4, whichever way it is written, and a network of IPv6', t => {
  t.is(peerOf('192.0.2.1'), '192.0.2.1')
  t.is(peerOf('::ffff:192.0.2.1'), '192.0.2.1')
  t.is(peerOf('2001:db8::1'), '2001:db8:0:0::/64')
  t.is(peerOf('2001:db8:0:0:ffff::9'), peerOf('2001:db8::1'))
  t.not(peerOf('2001:db8:0:1::1'), peerOf('2001:db8::1'))
  t.is(peerOf(undefined), '')
})

/** How many of `count` connections are left open. */
function connect(t: ExecutionContext, count: number, addressOf: (index: number) => string): number {
  const server = createServer()
  boundConnections(server)
  const sockets = Array.from({ length: count }, (_, index) =>
    Object.defineProperty(new Socket(), 'remoteAddress', { value: addressOf(index) }),
  )
  t.teardown(() => sockets.map(socket => socket.destroy()))
  for (const socket of sockets) server.emit('connection', socket)
  return sockets.filter(({ destroyed }) => !destroyed).length
}

for (const [what, addressOf, left] of [
  ['one address', () => '::ffff:192.0.2.1', 24],
  ['one address of IPv6', () => '2001:db8::1', 24],
  ['one network of IPv6', (index: number) => `2001:db8::${index}`, 96],
  ['many hosts', (index: number) => `192.0.2.${index}`, 120],
] as const)
  test(`of 120 connections from ${what} ${left} are left open`, t => {
    t.is(connect(t, 120, addressOf), left)
  })
