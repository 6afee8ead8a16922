/** The twin on the serial port: what it says, when, and when it keeps silent. */
import test from 'ava'
import { openSerialTwin } from '../../../../provisioning/console/serial-twin.ts'
import type { Shown } from '../../../../provisioning/console/view.ts'
import { loadShown, shownNames } from '../../../helpers/console-screens.ts'
import { createPlayedTerminal, createTurnedClock } from '../../../helpers/console-stage.ts'

function play() {
  const terminal = createPlayedTerminal()
  const clock = createTurnedClock(0)
  let isBusy = false
  const twin = openSerialTwin({ output: terminal.output, schedule: clock.schedule, isBusy: async () => isBusy })
  const wait = async (ms: number) => {
    clock.turn(ms)
    // What follows the question whether somebody works there comes in another turn.
    await new Promise(resolve => setImmediate(resolve))
    return terminal.written()
  }
  const show = ({ status, ...more }: Shown) => twin.show(status, more)
  const occupy = (busy: boolean) => {
    isBusy = busy
  }
  return { ...terminal, show, wait, occupy, close: twin.close }
}

const linesOf = (text: string): string[] => text.split('\r\n')

test('each state in plain lines', async t => {
  for (const name of shownNames) {
    const { show, wait } = play()
    show(loadShown(name).shown)
    const text = await wait(2000)
    t.regex(text, /^(\r\n[\x20-\x7e]*)*$/)
    t.snapshot(linesOf(text).join('\n'), name)
  }
})

test('the code is there while it can be used, and never once claimed', async t => {
  const textOf = async (shown: Shown) => {
    const { show, wait } = play()
    show(shown)
    return wait(2000)
  }
  const { shown } = loadShown('unclaimed')
  t.true((await textOf(shown)).includes('K7MQ4-XTD9R'))
  t.false((await textOf({ ...loadShown('window-over').shown, code: 'K7MQ4-XTD9R' })).includes('K7MQ4'))
  t.false((await textOf({ ...loadShown('ready').shown, code: 'K7MQ4-XTD9R' })).includes('K7MQ4'))
})

test('what has not changed is not said again, and figures that always do are no change', async t => {
  const { show, wait } = play()
  const { shown } = loadShown('ready')
  show(shown)
  t.true((await wait(2000)).includes('READY'))
  show(shown)
  t.is(await wait(60_000), '')
  const health = shown.status.health.map(one => ({ ...one, text: 'another figure' }))
  show({ ...shown, status: { ...shown.status, health } })
  t.is(await wait(60_000), '')
  const degraded = (figure: string) => ({ state: 'degraded' as const, reasons: [`disk: ${figure} GB free`] })
  show({ ...shown, status: { ...shown.status, ...degraded('0.9') } })
  t.true((await wait(2000)).includes('DEGRADED'))
  show({ ...shown, status: { ...shown.status, ...degraded('0.8') } })
  t.is(await wait(60_000), '')
})

test('time that runs is no change', async t => {
  const { show, wait } = play()
  const { shown } = loadShown('unclaimed')
  show(shown)
  await wait(2000)
  const setup = { isOpen: true, openUntilMs: loadShown('unclaimed').nowMs, waitUntilMs: 1 }
  show({ ...shown, status: { ...shown.status, setup } })
  t.is(await wait(60_000), '')
})

test('what comes and goes within two seconds is not said', async t => {
  const { show, wait } = play()
  show(loadShown('degraded').shown)
  show(loadShown('ready').shown)
  const text = await wait(2000)
  t.true(text.includes('READY') && !text.includes('DEGRADED'))
})

test('while somebody is logged in there it waits, and then says what holds by then', async t => {
  const { show, wait, occupy } = play()
  occupy(true)
  show(loadShown('unclaimed').shown)
  t.is(await wait(2000), '')
  show(loadShown('ready').shown)
  t.is(await wait(10_000), '')
  occupy(false)
  t.true((await wait(10_000)).includes('READY'))
})

test('a slow line gets all of it, in pieces', async t => {
  const { show, wait, take } = play()
  take(0.6)
  show(loadShown('ready').shown)
  const first = await wait(2000)
  take(1)
  const whole = first + (await wait(2000))
  t.true(first.length < whole.length)
  t.is(linesOf(whole).at(-2), '----')
})

test('without a port nothing happens; once there is one all is said', async t => {
  const { show, wait, take } = play()
  take('gone')
  show(loadShown('ready').shown)
  t.is(await wait(30_000), '')
  take(1)
  t.true((await wait(10_000)).includes('READY'))
})

test('closed, it is silent', async t => {
  const { show, wait, close } = play()
  show(loadShown('ready').shown)
  close()
  t.is(await wait(60_000), '')
})
