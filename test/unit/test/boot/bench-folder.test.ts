import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import { removeAllButLogs } from '../../../boot/bench-folder.ts'

test('of a failed boot test only the logs stay', async t => {
  const dir = await mkdtemp(join(tmpdir(), 'bench-'))
  t.teardown(() => rm(dir, { recursive: true }))
  await mkdir(join(dir, 'smoke'))
  for (const name of ['smoke/overlay.qcow2', 'OVMF_VARS.fd', 'commands.log', 'smoke-serial.log'])
    await writeFile(join(dir, name), name)
  await removeAllButLogs(dir)
  t.deepEqual((await readdir(dir)).sort(), ['commands.log', 'smoke-serial.log'])
})
