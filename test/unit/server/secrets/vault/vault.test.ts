/** What rests in the store is sealed, whatever it was before. */
import test from 'ava'
import { type Note, note } from '../../../../contract/store/samples.ts'
import { begin, fill, filled, filledTexts, isSealedWith, moreFields, newStage, resting, texts } from './stage.ts'

test('what is secret rests sealed, the rest and other kinds as they are', async t => {
  const { stage, vault } = await filled()
  await isSealedWith(t, stage, stage.kept[0])
  t.is((await stage.raw.collection<Note>('Function').get('solo', 'a'))?.text, 'text of a')
  t.like(await stage.raw.collection<Note>('Secret').get('solo', 'a'), { name: 'a', tags: note('a').tags })
  t.deepEqual(await texts(vault), filledTexts)
})

test('what an earlier version stored in clear is sealed by the first start, without a new revision or a change told', async t => {
  const stage = newStage()
  await fill(stage.raw)
  let changes = 0
  stage.raw.onChange(() => changes++)
  let scrubs = 0
  const scrub = async () => void scrubs++
  const vault = begin(stage, { ...stage.raw, scrub })
  await vault.start()
  await isSealedWith(t, stage, stage.kept[0])
  t.deepEqual([changes, scrubs], [0, 1])
  t.deepEqual(await vault.store.collection<Note>('Secret').get('solo', 'a'), note('a', { revision: 1 }))
  await begin(stage, { ...stage.raw, scrub }).start()
  t.is(scrubs, 1)
})

test('the file is written anew also when all that was in clear is removed by then', async t => {
  const stage = newStage()
  let scrubs = 0
  await begin(stage, { ...stage.raw, scrub: async () => void scrubs++ }).start()
  t.is(scrubs, 1)
})

test('a start goes on when the file cannot be written anew, and the next one tries again', async t => {
  const stage = newStage()
  await fill(stage.raw)
  const refused = { ...stage.raw, scrub: async () => Promise.reject(new Error('the disk is full')) }
  const vault = begin(stage, refused)
  await vault.start()
  t.deepEqual(await texts(vault), filledTexts)
  let scrubs = 0
  const scrub = async () => void scrubs++
  for (const _ of ['next', 'last']) await begin(stage, { ...stage.raw, scrub }).start()
  t.is(scrubs, 1)
})

test('a field, or a kind, that is secret only since this version is sealed by its first start, and nothing of it is left in clear', async t => {
  const { stage } = await filled()
  stage.fields = moreFields
  let scrubs = 0
  const scrub = async () => void scrubs++
  const vault = begin(stage, { ...stage.raw, scrub })
  await vault.start()
  await isSealedWith(t, stage, stage.kept[0])
  t.true((await resting(stage)).every(({ tags }) => tags === undefined))
  const functions = await stage.raw.collection<Note>('Function').list()
  t.deepEqual(
    functions.map(({ text }) => text),
    [undefined, undefined, undefined],
  )
  t.deepEqual(await vault.store.collection<Note>('Secret').get('solo', 'a'), note('a', { revision: 1 }))
  t.is((await vault.store.collection<Note>('Function').get('solo', 'a'))?.text, 'text of a')
  await begin(stage, { ...stage.raw, scrub }).start()
  t.is(scrubs, 1)
})

test('a field that is no secret any more is still read, and rests in clear once its record is written', async t => {
  const { stage } = await filled()
  stage.fields = { Secret: { tags: null }, Source: { text: '' } }
  const vault = begin(stage)
  await vault.start()
  const secrets = vault.store.collection<Note>('Secret')
  const held = await secrets.get('solo', 'a')
  t.is(held?.text, 'text of a')
  if (held) await secrets.update(held)
  t.is((await stage.raw.collection<Note>('Secret').get('solo', 'a'))?.text, 'text of a')
})
