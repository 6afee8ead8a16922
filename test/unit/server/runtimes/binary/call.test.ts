/** A call of a program whose files there is no place for. */
import { join } from 'node:path'
import test from 'ava'
import { runProgram } from '../../../../../server/runtimes/binary/call.ts'

test.serial('the call fails, and its worker goes on', async t => {
  const { TMPDIR = '/tmp' } = process.env
  t.teardown(() => {
    process.env.TMPDIR = TMPDIR
  })
  const program = { path: '/bin/cat', directory: '/', outputBytes: 100, logBytes: 100 }
  const parts = [Buffer.from('{}'), Buffer.from('"in"')]
  process.env.TMPDIR = join(TMPDIR, 'absent')
  const { header } = await runProgram(program, parts)
  t.like(header, { ok: false, error: { type: 'FunctionError' } })
  t.regex(header.ok ? '' : header.error.message, /^it cannot be called: ENOENT/)
  process.env.TMPDIR = TMPDIR
  t.is(String((await runProgram(program, parts)).output), '"in"')
})
