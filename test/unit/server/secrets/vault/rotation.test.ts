/** Another key takes the place of the present one, while others read and write. */
import test from 'ava'
import { createKey } from '../../../../../server/secrets/vault/key.ts'
import type { Keys } from '../../../../../server/secrets/vault/key-ring.ts'
import { type Note, note } from '../../../../contract/store/samples.ts'
import { begin, beginWith, filled, filledTexts, isSealedWith, names, newStage, texts } from './stage.ts'

test('a rotation seals everything anew and forgets the former key, while others read and write', async t => {
  const { stage, vault } = await filled()
  const [former] = stage.kept
  const secrets = vault.store.collection<Note>('Secret')
  const sources = vault.store.collection<Note>('Source')
  const write = async (name: string) => {
    for (let turn = 0; turn < 20; turn++) {
      const held = await secrets.get('solo', name)
      if (held) await secrets.update({ ...held, text: `${name} ${turn}` })
      await sources.create(note(`${name}-${turn}`))
      await sources.remove('solo', `${name}-${turn}`)
    }
  }
  const [rotation] = await Promise.all([vault.rotate(), ...names.map(write)])
  t.is(stage.kept.length, 1)
  t.not(stage.kept[0].id, former.id)
  t.is(rotation.key, stage.kept[0].id)
  await isSealedWith(t, stage, stage.kept[0])
  t.deepEqual(
    await texts(vault),
    names.map(name => `${name} 19`),
  )
  t.deepEqual(
    await texts(begin(stage)),
    names.map(name => `${name} 19`),
  )
})

test('rotations do not overlap', async t => {
  const vault = begin(newStage())
  await vault.start()
  const [first, second] = await Promise.allSettled([vault.rotate(), vault.rotate()])
  t.is(first.status, 'fulfilled')
  t.like(second, { reason: { entry: 'KEYS_ROTATING', httpStatus: 409 } })
  await t.notThrowsAsync(vault.rotate())
})

test('a key file that cannot be written stops no start, and is told to who rotates', async t => {
  const { stage } = await filled()
  stage.kept = [createKey(), ...stage.kept]
  const refuse = async () => Promise.reject(new Error('EACCES'))
  const vault = begin(stage, stage.raw, refuse)
  await vault.start()
  await isSealedWith(t, stage, stage.kept[0])
  await t.throwsAsync(vault.rotate(), { message: /^the keys come from the key file, which others write/ })
})

test('keys that come from somebody else are left alone; a new one before the present one is taken by the next start', async t => {
  const { stage } = await filled()
  const given = (keys: Keys) => beginWith(stage, keys)
  await t.throwsAsync(given(stage.kept).rotate(), { message: /^the keys come from \/run\/credentials\/dispatch-key/ })
  const next = createKey()
  await given([next, ...stage.kept]).start()
  await isSealedWith(t, stage, next)
  t.deepEqual(await texts(given([next])), filledTexts)
})
