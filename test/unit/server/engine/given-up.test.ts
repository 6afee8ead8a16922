/** A container that is of no use to its function any more makes room for another. */
import test from 'ava'
import { becomeReady, createPlayedDocker, type Line, playedImage } from '../../../helpers/played-runtime.ts'
import { createTestEngine } from '../../../helpers/test-engine.ts'

test('a container in which no worker starts any more is given up: the next call is answered in another', async t => {
  const controls: Line[] = []
  const end = (code: number, worker: unknown) =>
    controls.at(-1)?.send({ type: 'exited', worker, code, signal: null, outOfMemory: false }, ['', ''])
  const docker = createPlayedDocker({
    control: ({ header }, line) => {
      if (header.type === 'load') controls.push(line)
      if (header.type === 'load') becomeReady({ header }, line)
      if (header.type === 'start') end(71, header.worker)
    },
    worker: ({ header, parts: [, payload] }, line) => {
      if (payload?.toString() !== '"leave"')
        return line.send({ type: 'result', id: header.id, ok: true }, ['1', '', ''])
      line.hangUp()
      end(0, 1)
    },
  })
  const { call, revision } = createTestEngine(t, { docker, limits: { poolSize: 0, concurrency: 1 } })
  const played = revision(playedImage, {})
  const [left, waiting] = await Promise.all([call(played, 'leave'), call(played)])
  t.is(left.ok ? '' : left.error.type, 'FunctionError')
  t.like(waiting, { ok: true })
  t.like(await call(played), { ok: true })
  t.is(controls.length, 2)
})
