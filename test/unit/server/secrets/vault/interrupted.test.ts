/** A crash at any write, of the store or of the key file, costs nothing: the next start ends what was begun. */
import test from 'ava'
import type { Entity, Kind } from '../../../../../server/core/entity.ts'
import type { Store } from '../../../../../server/store/port.ts'
import { note } from '../../../../contract/store/samples.ts'
import { begin, fill, filled, filledTexts, isSealedWith, moreFields, newStage, resting, texts } from './stage.ts'

/** Each write of the store and of the key file, counted from the beginning, is where one of the cases ends. */
for (const what of ['the first start', 'a start with more secret fields', 'a rotation'] as const)
  test(`whichever write ${what} ends at, the next start opens everything and ends what was begun`, async t => {
    let isThrough = false
    for (let crashAt = 0; !isThrough; crashAt++) {
      const stage = newStage()
      if (what === 'the first start') await fill(stage.raw)
      else await filled(stage)
      if (what === 'a start with more secret fields') stage.fields = moreFields
      let left = crashAt
      let scrubs = 0
      const pass = async () => {
        if (left-- <= 0) throw new Error('crash')
      }
      const crashing: Store = {
        ...stage.raw,
        scrub: () => pass().then(() => void scrubs++),
        events: { ...stage.raw.events, put: (...args) => pass().then(() => stage.raw.events.put(...args)) },
        collection: <T extends Entity>(kind: Kind) => {
          const collection = stage.raw.collection<T>(kind)
          const rewrite = (entity: T) => pass().then(() => collection.rewrite(entity))
          return { ...collection, rewrite }
        },
      }
      const vault = begin(stage, crashing, pass)
      const work = what === 'a rotation' ? vault.rotate() : vault.start()
      isThrough = await work.then(
        () => true,
        () => false,
      )
      const next = begin(stage, { ...stage.raw, scrub: async () => void scrubs++ })
      await next.start()
      if (what !== 'a rotation') t.true(scrubs > 0, `ended at write ${crashAt}`)
      t.deepEqual(await texts(next), filledTexts, `ended at write ${crashAt}`)
      t.is(stage.kept.length, 1)
      await isSealedWith(t, stage, stage.kept[0])
      for (const { tags } of await resting(stage))
        t.deepEqual(tags, what === 'a start with more secret fields' ? undefined : note('a').tags)
    }
  })
