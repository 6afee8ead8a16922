import { randomBytes } from 'node:crypto'
import test from 'ava'
import {
  createSetupWindow,
  normalizeCode,
  type SetupWindow,
  windowMs,
} from '../../../../provisioning/appliance/setup-window.ts'
import { maxWrongCodes, maxWrongOfAll, waitMs } from '../../../../provisioning/appliance/wrong-codes.ts'

interface Stage {
  readonly window: SetupWindow
  pass(ms: number): void
}

function open(): Stage {
  let nowMs = 5000.25
  let drift = 0
  return {
    // Two clocks, read one after the other.
    window: createSetupWindow({
      monotonicMs: () => nowMs,
      nowMs: () => 1e12 + Math.floor(nowMs) + (drift++ % 3),
      randomBytes,
    }),
    pass: ms => {
      nowMs += ms
    },
  }
}

const guessWrong = (window: SetupWindow, times: number, from = '192.0.2.1') =>
  Array.from({ length: times }, () => window.judge('WRONG-WRONG', from).kind)

const judgeRight = (window: SetupWindow, from = '192.0.2.1') => window.judge(window.code() ?? '', from)

test('a code has two groups of five, none like another', t => {
  const codes = new Set(Array.from({ length: 200 }, () => open().window.code()))
  t.is(codes.size, 200)
  for (const code of codes) t.regex(code ?? '', /^[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}$/)
})

test('it counts however it is typed', t => {
  const { window } = open()
  const code = window.code() ?? ''
  for (const typed of [code, code.toLowerCase(), ` ${code.replace('-', ' ')} `, code.replace('-', '')])
    t.is(window.judge(typed).kind, 'right')
  t.is(normalizeCode('oIl-0'), '0110')
})

test('nothing and other texts are wrong', t => {
  for (const typed of ['', 'AAAAA-AAAAA', 'x'.repeat(10_000)]) t.is(open().window.judge(typed).kind, 'wrong')
})

test('after five wrong codes not even the right one is looked at, for a minute', t => {
  const { window, pass } = open()
  t.deepEqual(guessWrong(window, maxWrongCodes), ['wrong', 'wrong', 'wrong', 'wrong', 'wait'])
  t.deepEqual(judgeRight(window), { kind: 'wait', waitMs })
  pass(waitMs - 1)
  t.is(judgeRight(window).kind, 'wait')
  pass(1)
  t.is(judgeRight(window).kind, 'right')
})

test('wrong codes of one address cost no other', t => {
  const { window } = open()
  guessWrong(window, maxWrongCodes)
  t.is(window.pauseMs(), 0)
  t.deepEqual(window.judge('WRONG-WRONG', '192.0.2.2'), { kind: 'wrong', left: maxWrongCodes - 1 })
  t.is(judgeRight(window, '192.0.2.2').kind, 'right')
})

/** From as many addresses as it takes for the pause of all. */
function guessFromMany(window: SetupWindow, network = '10.0.0'): string[] {
  const kinds: string[] = []
  for (let peer = 0; kinds.length < maxWrongOfAll; peer += 1) kinds.push(...guessWrong(window, 2, `${network}.${peer}`))
  return kinds
}

test('many wrong codes in a minute, of however many addresses, are a pause for all of them until it is over', t => {
  const { window, pass } = open()
  const kinds = guessFromMany(window)
  t.deepEqual([kinds.at(-2), kinds.at(-1)], ['wrong', 'wait'])
  t.is(judgeRight(window, '10.0.0.1').kind, 'wait')
  t.true(window.pauseMs() > 0)
  pass(waitMs)
  t.is(window.pauseMs(), 0)
  t.is(judgeRight(window, '10.0.0.1').kind, 'right')
})

test('however many strangers guess, and however long, the code of who has typed no wrong one is looked at', t => {
  const { window, pass } = open()
  for (let minutes = 0; minutes < 20; minutes += 1) {
    guessFromMany(window, `10.0.${minutes}`)
    t.true(window.pauseMs() > 0)
    t.is(judgeRight(window, '192.0.2.9').kind, 'right')
    pass(waitMs)
  }
})

test('wrong codes that are spread over time are no pause', t => {
  const { window, pass } = open()
  for (let count = 0; count < 2 * maxWrongOfAll; count += 1) {
    t.is(window.judge('WRONG-WRONG', `10.0.1.${count}`).kind, 'wrong')
    pass(waitMs / (maxWrongOfAll - 1) + 1)
  }
  t.is(window.pauseMs(), 0)
})

test('the window ends, and its code with it, until it is opened again with another one', t => {
  const { window, pass } = open()
  const first = window.code() ?? ''
  pass(windowMs)
  t.is(window.code(), undefined)
  t.is(window.leftMs(), 0)
  t.deepEqual(window.judge(first), { kind: 'over' })
  window.reopen()
  t.is(window.leftMs(), windowMs)
  t.is(window.judge(first).kind, 'wrong')
  t.is(window.judge(window.code() ?? '').kind, 'right')
})

test('until when it is open is told by the same moment each time', t => {
  const { window, pass } = open()
  const untilMs = window.openUntilMs()
  t.true(Number.isInteger(untilMs))
  for (let seconds = 0; seconds < 3600; seconds += 1) {
    pass(1000)
    t.is(window.openUntilMs(), untilMs)
  }
  window.reopen()
  t.true(window.openUntilMs() > untilMs)
  guessFromMany(window)
  const pausedUntilMs = window.pausedUntilMs()
  pass(waitMs / 2)
  t.is(window.pausedUntilMs(), pausedUntilMs)
})
