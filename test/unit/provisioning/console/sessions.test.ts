/** Who is logged in where, by what logind writes. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import { hasSession } from '../../../../provisioning/console/sessions.ts'

const folder = mkdtempSync(join(tmpdir(), 'sessions-'))
test.after.always(() => rmSync(folder, { recursive: true }))

test('a session counts on its own terminal, while it is not closing', async t => {
  writeFileSync(join(folder, '1'), 'UID=0\nUSER=root\nSTATE=active\nTTY=ttyS0\n')
  writeFileSync(join(folder, '2'), 'UID=0\nUSER=root\nSTATE=closing\nTTY=tty2\n')
  t.true(await hasSession('ttyS0', folder))
  t.false(await hasSession('ttyS1', folder))
  t.false(await hasSession('tty2', folder))
})

test('where no logind runs, nobody is', async t => {
  t.false(await hasSession('ttyS0', join(folder, 'none')))
})
