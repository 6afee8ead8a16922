import test from 'ava'
import { findOwners, findShared } from '../../../../boot/first-boot/identity.ts'

test('machines that differ in everything share nothing', t => {
  t.deepEqual(findShared({ one: { '/key': 'a', '/id': 'b' }, other: { '/key': 'c', '/id': 'd' } }), [])
})

test('what two of three have in common is named; what only one has is compared with nothing', t => {
  const machines = { one: { '/key': 'a', code: 'x' }, other: { '/key': 'b' }, third: { '/key': 'a' } }
  t.deepEqual(findShared(machines), ['/key is the same in one and third'])
  t.deepEqual(findOwners(machines).get('code'), ['one'])
})
