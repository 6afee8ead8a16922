/** Which Docker images nothing uses, and by which of their names they go. */
import test from 'ava'
import fc from 'fast-check'
import { createContentNames, familiarName } from '../../../../server/images/names.ts'
import { planSweep, type SweepFacts } from '../../../../server/images/sweep.ts'
import { dockerImageOf } from '../../../helpers/docker-image.ts'

const names = createContentNames('dispatch', '12345678-1234')
const built = names.built('ab')
const [mark, kept] = [names.pulled('busybox'), names.kept('sha256:cd')]
const idsOf = (facts: Partial<SweepFacts>) =>
  planSweep({ dockerImages: [], used: new Set(), references: [], nowMs: 60_000, ...facts }, names)

const cases: [string, string[], Partial<SweepFacts>, string[]][] = [
  ['what was built goes', [built], {}, [built]],
  ['what was kept goes', [kept], {}, [kept]],
  ['what images and functions are on stays', [built, kept], { used: new Set(['id']) }, []],
  ['what is young stays', [built], { nowMs: 9_999 }, []],
  ['what others have made stays', ['dispatch/x:latest', 'busybox:latest'], {}, []],
  ['what another server has made stays', [createContentNames('dispatch', '87654321').built('ab')], {}, []],
  ['what was pulled goes, and the mark after it', ['busybox:latest', mark], {}, ['busybox:latest', mark]],
  ['what a base image refers to stays', ['busybox:latest', mark], { references: ['docker.io/library/busybox'] }, []],
  ['what was pulled goes under no name of others', ['mine:1', 'busybox:latest', mark], {}, ['busybox:latest', mark]],
  ['a mark that is left alone goes', [mark], {}, [mark]],
  ['what was pulled and is built on stays', ['busybox:latest', mark], { used: new Set(['id']) }, []],
]
for (const [title, tags, facts, expected] of cases) {
  test(title, t => {
    const planned = idsOf({ dockerImages: [dockerImageOf({ id: 'id', tags, createdMs: 0 })], ...facts })
    t.deepEqual(
      planned.flatMap(each => each.names),
      expected,
    )
  })
}

test('a reference is known by the name that Docker shows', t => {
  const shown = { busybox: 'busybox:latest', 'docker.io/library/busybox:1': 'busybox:1', 'a/b': 'a/b:latest' }
  for (const [reference, name] of Object.entries(shown)) t.is(familiarName(reference), name)
  for (const name of ['localhost:5000/a:1', `a@sha256:${'0'.repeat(64)}`]) t.is(familiarName(name), name)
  t.is(familiarName('localhost:5000/a'), 'localhost:5000/a:latest')
})

test('whatever names it has, what is used is never touched, and no name of others is taken', t => {
  const name = fc.constantFrom(built, kept, mark, 'busybox:latest', 'mine:1', names.pulled('mine:1'))
  const image = fc.record({ id: fc.constantFrom('a', 'b', 'c'), tags: fc.uniqueArray(name) })
  fc.assert(
    fc.property(fc.array(image), fc.subarray(['a', 'b', 'c']), (images, used) => {
      const dockerImages = images.map(each => dockerImageOf({ ...each, createdMs: 0 }))
      for (const { dockerImage, names: gone } of idsOf({ dockerImages, used: new Set(used) })) {
        t.false(used.includes(dockerImage.id))
        for (const each of gone)
          t.true(names.isOurs(each) || dockerImage.tags.includes(names.pulled(each)), `${each} of ${dockerImage.tags}`)
      }
    }),
    { numRuns: 200 },
  )
})
