/** Logins that wait to be handed over, and devices that wait to be let in, do so for some minutes. */
import test from 'ava'
import { createDevices } from '../../../../../server/iam/login/devices.ts'
import { createTickets } from '../../../../../server/iam/login/tickets.ts'

const minuteMs = 60_000
const who = { user: 'jon', method: 'password' } as const
const place = { kind: 'device', code: 'BCDF-GHJK' } as const

test('a ticket is good for five minutes', t => {
  let nowMs = 0
  const tickets = createTickets(() => nowMs)
  const [used, late] = [tickets.issue(who, place), tickets.issue(who, place)]
  nowMs = 5 * minuteMs - 1
  t.deepEqual(tickets.take(used, place), who)
  nowMs = 5 * minuteMs
  t.is(tickets.look(late, place), undefined)
  t.is(tickets.take(late, place), undefined)
})

test('a device waits for ten minutes, and is let in within them', t => {
  let nowMs = 0
  const devices = createDevices(() => nowMs)
  const [waiting, allowed] = [devices.begin('10.0.0.1'), devices.begin('10.0.0.1')]
  t.true(devices.decide(allowed.userCode, who))
  nowMs = 10 * minuteMs - 1
  t.truthy(devices.find(waiting.userCode))
  nowMs = 10 * minuteMs
  t.is(devices.find(waiting.userCode), undefined)
  t.false(devices.decide(waiting.userCode, who))
  for (const { deviceCode } of [waiting, allowed]) t.deepEqual(devices.poll(deviceCode), { is: 'over' })
})
