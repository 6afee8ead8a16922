import { randomBytes } from 'node:crypto'
import test from 'ava'
import {
  createSetupWindow,
  maxWrongCodes,
  normalizeCode,
  type SetupWindow,
  waitMs,
  windowMs,
} from '../../../../provisioning/appliance/setup-window.ts'

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

const guessWrong = (window: SetupWindow, times: number) =>
  Array.from({ length: times }, () => window.judge('WRONG-WRONG').kind)

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
  t.deepEqual(window.judge(window.code() ?? ''), { kind: 'wait', waitMs })
  pass(waitMs - 1)
  t.is(window.judge(window.code() ?? '').kind, 'wait')
  pass(1)
  t.is(window.pauseMs(), 0)
  t.is(window.judge(window.code() ?? '').kind, 'right')
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
  guessWrong(window, maxWrongCodes)
  const pausedUntilMs = window.pausedUntilMs()
  pass(waitMs / 2)
  t.is(window.pausedUntilMs(), pausedUntilMs)
})
