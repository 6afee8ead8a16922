/** Writing to what may be stopped, hung up, or not there: never blocks, never throws. */
import { execFileSync } from 'node:child_process'
import { closeSync, constants, mkdtempSync, openSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import { createTtyOutput, openTerminal, sizeOf } from '../../../../provisioning/console/terminal.ts'

const folder = mkdtempSync(join(tmpdir(), 'terminal-'))
test.after.always(() => rmSync(folder, { recursive: true }))

function makePipe(name: string): string {
  const path = join(folder, name)
  execFileSync('mkfifo', [path])
  return path
}

test('where nothing is, nothing can be written, and no terminal opened', t => {
  t.is(createTtyOutput(join(folder, 'none')).write('text'), 'gone')
  t.is(openTerminal(join(folder, 'none')), undefined)
  t.is(openTerminal('/dev/null'), undefined)
})

test('what nobody takes away is refused at some point, and does not block', t => {
  const path = makePipe('stopped')
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  const output = createTtyOutput(path)
  const taken: (number | 'gone')[] = []
  while (taken.at(-1) !== 0 && taken.length < 1000) taken.push(output.write('x'.repeat(4096)))
  t.is(taken.at(-1), 0)
  output.close()
  closeSync(reader)
})

test('after a hang-up it is opened again', t => {
  const path = makePipe('hung-up')
  const open = () => openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  const output = createTtyOutput(path)
  const former = open()
  t.is(output.write('one'), 3)
  closeSync(former)
  t.is(output.write('two'), 'gone')
  const reader = open()
  t.is(output.write('three'), 5)
  output.close()
  closeSync(reader)
})

test('a line without a size counts as 80x25', t => {
  t.deepEqual(sizeOf({ getWindowSize: () => [0, 0] }), { columns: 80, rows: 25 })
  t.deepEqual(sizeOf({ getWindowSize: () => [132, 50] }), { columns: 132, rows: 50 })
})
