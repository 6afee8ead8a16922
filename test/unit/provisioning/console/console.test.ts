/** A console at its terminal: when it paints and how much, what it does with keys, and how it ends. */
import test from 'ava'
import type { Actions } from '../../../../provisioning/console/effects.ts'
import { loadShown } from '../../../helpers/console-screens.ts'
import { type PlayedConsole, playConsole } from '../../../helpers/console-stage.ts'
import { until } from '../../../helpers/wait.ts'

const esc = '\u001b'

function open(name: string, actions: Partial<Actions> = {}): PlayedConsole {
  const { shown, nowMs } = loadShown(name)
  const played = playConsole(actions, nowMs)
  const { status, ...more } = shown
  played.screen.show(status, more)
  return played
}

/** Rows to which the cursor was sent. */
const rowsOf = (text: string): number[] => [...text.matchAll(/\[(\d+);1H/g)].map(match => Number(match[1]))

test('the first time all is painted, cursor and blanking off; the same again costs nothing', t => {
  const played = open('ready')
  const first = played.written()
  t.is(rowsOf(first).length, 25)
  for (const mode of [`${esc}[2J`, `${esc}[?25l`, `${esc}[?7l`, `${esc}[9;0]`]) t.true(first.includes(mode))
  const { shown } = loadShown('ready')
  played.screen.show(shown.status, { account: 'root' })
  t.is(played.written(), '')
})

test('only the lines that differ are written', t => {
  const played = open('ready')
  played.written()
  const { status } = loadShown('ready').shown
  played.screen.show({ ...status, hostName: 'other.example.com' }, { account: 'root' })
  t.deepEqual(rowsOf(played.written()), [1])
})

test('a countdown repaints its own line alone, each second', t => {
  const played = open('trial')
  played.written()
  played.clock.turn(1000)
  t.is(rowsOf(played.written()).length, 1)
})

test('kernel messages stay for some seconds: all is painted over them, without clearing the screen first', t => {
  const played = open('ready')
  played.written()
  played.clock.turn(4000)
  t.is(played.written(), '')
  played.clock.turn(1000)
  const text = played.written()
  t.is(rowsOf(text).length, 25)
  t.false(text.includes(`${esc}[2J`))
})

test('Ctrl-L, and another size, clear the screen and paint all of it', t => {
  const played = open('ready')
  played.written()
  played.type('\u000c')
  const text = played.written()
  t.true(text.includes(`${esc}[2J`) && rowsOf(text).length === 25)
  played.resize({ columns: 100, rows: 37 })
  played.clock.turn(1000)
  const larger = played.written()
  t.true(larger.includes(`${esc}[2J`) && rowsOf(larger).length === 37)
})

test('a line as wide as the terminal is not erased at its end, which would take its last column away', t => {
  const played = open('ready')
  const bar = played.written().split(`${esc}[25;1H`)[1]
  t.false(bar?.includes(`${esc}[K`))
})

test('what a stopped terminal does not take is painted anew when it goes on', t => {
  const played = open('ready')
  played.take(0.3)
  played.screen.show({ ...loadShown('ready').shown.status, hostName: 'other.example.com' }, { account: 'root' })
  played.written()
  played.take(1)
  played.clock.turn(1000)
  t.is(rowsOf(played.written()).length, 25)
})

test('a password is checked by the agent, and then the wish is granted', async t => {
  const asked: string[] = []
  const played = open('ready', {
    verifyPassword: async text => {
      asked.push(text)
      return text === 'pass'
    },
    reboot: async () => {
      asked.push('reboot')
    },
  })
  played.type(`${esc}[19~`)
  played.written()
  played.type('pa')
  t.is(played.written(), '', 'typing shows nothing')
  played.type('ss\r')
  await until('the question', async () => played.written().includes('Reboot this appliance?'))
  played.type('\r')
  t.true(played.written().includes('Rebooting'))
  t.deepEqual(asked, ['pass', 'reboot'])
})

test('a sequence may come in pieces; an Escape that nothing follows closes the page', t => {
  const played = open('unclaimed')
  played.type(esc)
  played.type('[21')
  played.type('~')
  t.true(played.written().includes('Shut this appliance down?'))
  played.type(esc)
  t.is(played.written(), '')
  played.clock.turn(50)
  t.true(played.written().includes('UNCLAIMED'))
})

test('an action that fails is told, and the console goes on', async t => {
  const played = open('ready', {
    logIn: async () => {
      throw new Error(`tty2 ${esc}[2Jis busy`)
    },
  })
  played.written()
  played.type('l')
  let text = ''
  await until('the notice', async () => {
    text += played.written()
    return text.includes('is busy')
  })
  t.true(text.includes('tty2 ?[2Jis busy'))
})

test('a terminal that goes away ends the console, not the agent', t => {
  for (const harm of [
    (played: PlayedConsole) => played.input.emit('error', new Error('read EIO')),
    (played: PlayedConsole) => played.input.emit('close'),
    (played: PlayedConsole) => {
      played.take('gone')
      played.clock.turn(5000)
    },
  ]) {
    const played = open('ready')
    harm(played)
    t.true(played.isGone())
    played.take(1)
    played.written()
    played.screen.show(loadShown('ready').shown.status)
    played.clock.turn(60_000)
    played.type('l')
    played.screen.close()
    t.is(played.written(), '')
  }
})

test('closing leaves the terminal as it was, and empty', t => {
  const played = open('unclaimed')
  played.written()
  played.screen.close()
  t.is(played.written(), `${esc}[0m${esc}[?7h${esc}[?25h${esc}[H${esc}[2J`)
  t.deepEqual(played.input.modes, [true, false])
})

test('before the agent has told anything, keys are nobody’s', t => {
  const played = playConsole({}, 0)
  played.type(`${esc}[21~`)
  played.clock.turn(10_000)
  t.is(played.written(), '')
})
