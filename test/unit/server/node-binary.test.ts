import test from 'ava'
import { extinguishFuse, loadNodeBinary } from '../../../server/node-binary.ts'

const mark = `NODE_SEA_FUSE_${'0123456789abcdef'.repeat(2)}`

test('the fuse of a single executable is put out, and nothing else is touched', t => {
  const file = Buffer.from(`\0ELF NODE_SEA_FUSE_ "${mark}" ${mark}:1\0rest:1`)
  t.true(extinguishFuse(file))
  t.is(file.toString(), `\0ELF NODE_SEA_FUSE_ "${mark}" ${mark}:0\0rest:1`)
})

for (const text of ['', 'no fuse', `${mark}:0`, mark, `NODE_SEA_FUSE_0123:1`])
  test(`a file that is no single executable is said to be none: ${JSON.stringify(text)}`, t => {
    const file = Buffer.from(text)
    t.false(extinguishFuse(file))
    t.is(file.toString(), text)
  })

test('a server that runs on a Node of its own gives that one to containers', async t => {
  t.is(
    await loadNodeBinary({ execPath: '/usr/bin/node', dataDir: '/nonexistent', nodeVersion: 'v24.0.0' }),
    '/usr/bin/node',
  )
})
