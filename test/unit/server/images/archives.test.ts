/** Archives of images come in pieces, and are looked at before Docker gets them. */
import { gzipSync } from 'node:zlib'
import test from 'ava'
import { packArchive } from '../../../helpers/docker-archive.ts'
import { createTestApp, type TestApp } from '../../../helpers/test-app.ts'

const path = '/v1/archive/one'
const reference = 'team/base:1'

const put = (app: TestApp, offset: number, bytes: Buffer, headers: Record<string, string> = {}) =>
  app.call('POST', `${path}/piece`, { offset, data: bytes.toString('base64') }, headers)

async function sendAll(app: TestApp, archive: Buffer): Promise<void> {
  await put(app, 0, archive.subarray(0, 600))
  await put(app, 600, archive.subarray(600))
}

test('what came in pieces is loaded, packed or not, and the archive is gone then', async t => {
  const app = await createTestApp(t)
  const archive = await packArchive({ reference, labels: { x: 'y' } })
  for (const bytes of [archive, gzipSync(archive)]) {
    t.is((await put(app, 0, bytes.subarray(0, 100))).body.bytes, 100)
    t.is((await put(app, 100, bytes.subarray(100))).body.bytes, bytes.length)
    t.like(await app.call('POST', path), { status: 200, body: { references: [reference] } })
    t.like((await app.docker.findImage(reference))?.labels, { x: 'y' })
    t.is((await app.call('POST', path)).status, 404)
    await app.docker.removeImage(reference)
  }
})

test('a piece that does not follow is refused with where to go on', async t => {
  const app = await createTestApp(t)
  await put(app, 0, Buffer.alloc(10))
  t.like(await put(app, 20, Buffer.alloc(1)), {
    status: 400,
    body: { message: 'archive was refused: it goes on at 10, not at 20: send it again from its beginning' },
  })
  t.is((await put(app, 10, Buffer.alloc(1))).body.bytes, 11)
  t.is((await put(app, 0, Buffer.alloc(3))).body.bytes, 3)
})

test('an archive is that of its organization', async t => {
  const app = await createTestApp(t)
  await put(app, 0, Buffer.alloc(10))
  t.is((await app.call('POST', path, undefined, { 'x-dispatch-org': 'other' })).status, 404)
})

test('a name that means another image here is refused, and stays', async t => {
  const app = await createTestApp(t)
  const taken = 'dispatch-solo/python3:test'
  const before = await app.docker.findImage(taken)
  await sendAll(app, await packArchive({ reference: taken, labels: {} }))
  t.like(await app.call('POST', path), {
    status: 400,
    body: {
      message: `archive was refused: ${taken} is another image on this machine: save yours under another name (docker tag)`,
    },
  })
  t.deepEqual(await app.docker.findImage(taken), before)
})

test('what is no archive, or holds more than it may, is refused', async t => {
  const limits = { timeoutMs: 1000, maxBytes: 4096, diskBytes: 0 }
  const app = await createTestApp(t, {}, { pullLimits: limits })
  await sendAll(app, Buffer.alloc(1024, 'x'))
  t.regex((await app.call('POST', path)).body.message, /^archive was refused: it is no archive of Docker images/)
  t.regex((await put(app, 0, Buffer.alloc(4097))).body.message, /more than 4096 bytes \(pull-size\)/)
  await put(app, 0, gzipSync(Buffer.alloc(1024 * 1024)))
  t.regex((await app.call('POST', path)).body.message, /unpacked it has more than 4096 bytes/)
})
