/** What was opened is remembered for as long as it is what rests in the store, and no more of it than fits. */
import test from 'ava'
import { createOpened } from '../../../../../server/secrets/vault/opened.ts'
import type { Resting } from '../../../../../server/secrets/vault/sealing.ts'
import { type Note, note } from '../../../../contract/store/samples.ts'
import { breakSeal, filled } from './stage.ts'

const lain = (box: string, place = 'p') => ({ place, box })

function createStage() {
  const opened = createOpened()
  let count = 0
  const open = (name: string, box = 'box', text = `text of ${name}`, place = 'p') =>
    opened.of('Secret').open({ org: 'o', name }, lain(box, place), () => {
      count++
      return text
    })
  return { opened, open, count: () => count }
}

test('the same envelope in the same place is opened once', t => {
  const { open, count } = createStage()
  for (const _ of [1, 2, 3]) t.is(open('a'), 'text of a')
  t.is(count(), 1)
  t.is(open('b', 'box', 'text of b'), 'text of b')
  t.is(open('a', 'other', 'newer'), 'newer')
  t.is(open('a', 'other', 'of another id', 'q'), 'of another id')
  t.is(count(), 4)
})

test('what was forgotten is opened again', t => {
  const { opened, open, count } = createStage()
  for (const name of ['a', 'b']) open(name)
  opened.of('Secret').forget({ org: 'o', name: 'a' })
  for (const name of ['a', 'b']) open(name)
  t.is(count(), 3)
  opened.forgetAll()
  for (const name of ['a', 'b']) open(name)
  t.is(count(), 5)
})

test('what was not used for longest makes room; what is long is not kept', t => {
  const { open, count } = createStage()
  for (let each = 0; each < 500; each++) open(`${each}`)
  open('0')
  t.is(count(), 500)
  open('new')
  open('0')
  t.is(count(), 501)
  open('1')
  t.is(count(), 502)
  const long = 'x'.repeat(64 * 1024 + 1)
  for (const _ of [1, 2]) open('long', 'box', long)
  t.is(count(), 504)
})

test('who gets a record after a change, a damage or a removal never gets what was there before', async t => {
  const { stage, vault } = await filled()
  const secrets = vault.store.collection<Note>('Secret')
  const get = async () => (await secrets.get('solo', 'a'))?.text
  t.is(await get(), 'text of a')
  const held = await secrets.get('solo', 'a')
  if (!held) return t.fail()
  await secrets.update({ ...held, text: 'second' })
  t.is(await get(), 'second')
  await secrets.rewrite({ ...held, revision: 2, text: 'third' })
  t.is(await get(), 'third')
  await vault.rotate()
  t.is(await get(), 'third')
  await breakSeal(stage.raw, 'Secret', note('a'))
  await t.throwsAsync(get(), { message: /cannot be opened/ })
  await secrets.remove('solo', 'a')
  t.is(await get(), undefined)
  await secrets.create(note('a', { text: 'fourth' }))
  t.is(await get(), 'fourth')
})

test('what somebody does to what was got changes nothing for the next one', async t => {
  const { vault } = await filled()
  const sources = vault.store.collection<Resting<Note>>('Source')
  const first = await sources.get('other', 'a')
  if (first) first.text = 'changed'
  t.is((await sources.get('other', 'a'))?.text, 'text of a')
})
