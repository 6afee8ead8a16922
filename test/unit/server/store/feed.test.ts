/** The change feed keeps its listeners apart. */
import { spawnSync } from 'node:child_process'
import test from 'ava'
import { createFeed } from '../../../../server/store/feed.ts'
import type { Change } from '../../../../server/store/port.ts'

const change: Change = { kind: 'Image', org: 'solo', name: 'a', removed: false }

test('a listener that stopped hears nothing more, also when it was added twice', t => {
  const feed = createFeed()
  let heard = 0
  const listener = () => {
    heard++
  }
  const stop = feed.subscribe(listener)
  feed.subscribe(listener)
  feed.emit(change)
  stop()
  feed.emit(change)
  t.is(heard, 3)
})

test('a listener may stop itself while it is told', t => {
  const feed = createFeed()
  const heard: string[] = []
  const stop = feed.subscribe(() => {
    heard.push('first')
    stop()
  })
  feed.subscribe(() => heard.push('second'))
  feed.emit(change)
  feed.emit(change)
  t.deepEqual(heard, ['first', 'second', 'second'])
})

test('a listener that throws keeps nobody from hearing, and its defect is not swallowed', t => {
  const script = `const { createFeed } = await import('${import.meta.resolve('../../../../server/store/feed.ts')}')
    const feed = createFeed()
    feed.subscribe(() => { throw new Error('defect') })
    feed.subscribe(({ name }) => console.log('heard', name))
    feed.emit({ name: 'a' })
    console.log('emitted')`
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module', '-e', script])
  t.is(`${stdout}`, 'heard a\nemitted\n')
  t.regex(`${stderr}`, /Error: defect/)
  t.not(status, 0)
})
