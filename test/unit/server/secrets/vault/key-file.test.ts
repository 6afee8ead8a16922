/** Where keys are kept: made once, for the server alone, and never made anew when some are lost. */
import { chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import test from 'ava'
import { createKey, renderKeys } from '../../../../../server/secrets/vault/key.ts'
import { keyFileStage as stage } from './stage.ts'

test('the first start makes a key that its owner alone reads, and the next one finds it', async t => {
  const { at, open, files } = stage(t)
  const first = await open()
  t.is((await stat(at('data.key'))).mode & 0o777, 0o400)
  t.deepEqual(await files(), ['data.key'])
  const second = await open({ needed: [first.current().id] })
  t.deepEqual(second.current(), first.current())
})

test('other keys take the place of those in the file, which stays as closed as it was', async t => {
  const { at, open, files } = stage(t)
  const ring = await open()
  const [former, next] = [ring.current(), createKey()]
  await ring.replace?.([next, former])
  t.deepEqual(ring.ids(), [next.id, former.id])
  t.is((await stat(at('data.key'))).mode & 0o777, 0o400)
  t.deepEqual(await files(), ['data.key'])
  t.deepEqual((await open()).ids(), [next.id, former.id])
})

test('what a crash left half written beside it does no harm', async t => {
  const { at, open } = stage(t)
  const ring = await open()
  await writeFile(at('.data.key.new'), 'half', { mode: 0o400 })
  t.is((await open()).current().id, ring.current().id)
  await ring.replace?.([createKey()])
  t.is((await open()).current().id, ring.current().id)
})

test('a file that was named is used instead', async t => {
  const { at, open, files } = stage(t)
  await open({ file: at('named.key') })
  t.deepEqual(await files(), ['named.key'])
})

test('a credential of systemd is used when no file was named, and left to others to change', async t => {
  const { at, open, files } = stage(t)
  await mkdir(at('credentials'))
  const key = createKey()
  await writeFile(at('credentials/dispatch-key'), renderKeys([key]), { mode: 0o400 })
  const ring = await open({ credentialsDirectory: at('credentials') })
  t.is(ring.current().id, key.id)
  t.is(ring.replace, undefined)
  t.deepEqual(await files(), ['credentials'])
  const named = await open({ credentialsDirectory: at('credentials'), file: at('named.key') })
  t.not(named.current().id, key.id)
})

test('systemd without this credential leaves it to the file', async t => {
  const { at, open, files } = stage(t)
  await mkdir(at('credentials'))
  await open({ credentialsDirectory: at('credentials') })
  t.deepEqual((await files()).sort(), ['credentials', 'data.key'])
})

test('no key is made when the one that is needed is gone, nor is another one taken for it', async t => {
  const { open, files } = stage(t)
  const { id } = createKey()
  const message = new RegExp(`data.key: the secrets in the database are sealed with key ${id}, .*put the file back`)
  await t.throwsAsync(open({ needed: [id] }), { message })
  t.deepEqual(await files(), [])
  await open()
  await t.throwsAsync(open({ needed: [id] }), { message })
})

for (const mode of [0o444, 0o440, 0o404, 0o660])
  test(`a file that others than its owner can read is refused: ${mode.toString(8)}`, async t => {
    const { at, open } = stage(t)
    await open()
    await chmod(at('data.key'), mode)
    await t.throwsAsync(open(), {
      message: `key file ${at('data.key')}: others than its owner can read or write it: chmod 0400 ${at('data.key')}`,
    })
    await chmod(at('data.key'), 0o600)
    await t.notThrowsAsync(open())
  })

test('a file that holds no key is refused, and left as it is', async t => {
  const { at, open } = stage(t)
  await writeFile(at('bad.key'), 'OpenSesame', { mode: 0o400 })
  const thrown = await t.throwsAsync(open({ file: at('bad.key') }))
  t.regex(thrown?.message ?? '', /bad\.key: line 1 is no key/)
  t.is(await readFile(at('bad.key'), 'utf8'), 'OpenSesame')
})

test('a place that cannot be written is named', async t => {
  const { at, open } = stage(t)
  const message = new RegExp(
    `key file ${at('no/data.key')}: it cannot be made: .*; name another place with --secret-key-file$`,
  )
  await t.throwsAsync(open({ defaultFile: at('no/data.key') }), { message })
})

test('keys that somebody else has put into the file meanwhile are not taken out of it', async t => {
  const { at, open } = stage(t)
  const ring = await open()
  const other = createKey()
  await chmod(at('data.key'), 0o600)
  await writeFile(at('data.key'), renderKeys([other, ring.current()]))
  const thrown = await t.throwsAsync(async () => ring.replace?.([createKey()]))
  t.regex(thrown?.message ?? '', /other keys than this server has read, .* --secret-key-file$/)
  t.deepEqual((await open()).ids(), [other.id, ring.current().id])
})
