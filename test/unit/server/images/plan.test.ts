/** What base images and images need next, for each state they and Docker can be in. */
import test from 'ava'
import type { DockerImage } from '../../../../server/docker/port.ts'
import { findAlias } from '../../../../server/images/aliases.ts'
import type { Failed } from '../../../../server/images/builds.ts'
import type { BuildRequest, Content } from '../../../../server/images/content.ts'
import { type ImageFacts, type ImageStep, planBaseImage, planImage } from '../../../../server/images/plan.ts'
import type { BaseImage, Image } from '../../../../server/images/schema.ts'
import { dockerImageOf } from '../../../helpers/docker-image.ts'

const head = {
  id: 'i',
  org: 'o',
  revision: 1,
  status: 'INITIALIZED',
  reason: null,
  tags: null,
  createdTimeSeconds: 0,
  modifiedTimeSeconds: 0,
} as const
const base = (fields: Partial<BaseImage> = {}): BaseImage => ({
  ...head,
  name: 'python3-base',
  dockerUrl: 'dispatchframework/python3-base:0.0.13',
  language: 'python3',
  dockerImage: null,
  ...fields,
})
const image = (fields: Partial<Image> = {}): Image => ({
  ...head,
  name: 'python3',
  baseImageName: 'python3-base',
  language: 'python3',
  dockerUrl: null,
  dockerImageId: null,
  runtimeLanguage: '',
  manifest: '',
  systemPackages: [],
  ...fields,
})
const alias = { language: 'python3', reference: 'dispatch-solo/python3:1' }
const found = dockerImageOf({
  labels: {
    'io.dispatchframework.solo.language': 'python3',
    'io.dispatchframework.solo.packages': '{"requests":"2.32.3"}',
  },
})
const readyBase = base({ status: 'READY', dockerImage: alias.reference })
const facts = (fields: Partial<ImageFacts> = {}): ImageFacts => ({
  base: readyBase,
  content: { kind: 'base' },
  found,
  failed: undefined,
  own: undefined,
  target: 'dispatch/i:latest',
  ...fields,
})

test('a base image of ours runs on the runtime of this machine', t => {
  t.deepEqual(planBaseImage(base(), { alias, found: alias.reference }), { do: 'ready', dockerImage: alias.reference })
})

test('without its runtime a base image of ours fails at once and says what to load', t => {
  const step = planBaseImage(base(), { alias, found: undefined })
  t.is(step.do, 'fail')
  t.regex(step.do === 'fail' ? step.reason : '', /^error when pulling image .* docker load -i python3\.tar/)
})

test('without its runtime, one that this machine holds under its own name runs on that', t => {
  const { dockerUrl } = base()
  t.deepEqual(planBaseImage(base(), { alias, found: dockerUrl }), { do: 'ready', dockerImage: dockerUrl })
  const ready = base({ status: 'READY', dockerImage: dockerUrl })
  t.is(planBaseImage(ready, { alias, found: dockerUrl }).do, 'nothing')
  t.is(planBaseImage(ready, { alias, found: alias.reference }).do, 'ready')
})

test("whatever the tag, the original's base images and our own names stand for the runtimes of this version", t => {
  const repositories = ['nodejs', 'python3', 'java', 'powershell'].flatMap(language => [
    [language, `dispatchframework/${language}-base`] as const,
    [language, `dispatch-solo/${language}`] as const,
  ])
  for (const [language, repository] of [...repositories, ['later', 'dispatch-solo/later'] as const])
    for (const tag of ['', ':0.0.1', ':latest@sha256:00'])
      t.deepEqual(findAlias(repository + tag, '7'), { language, reference: `dispatch-solo/${language}:7` }, repository)
  for (const url of ['me/python3-base:1', 'registry:5000/dispatch-solo/python3:7', 'dispatchframework/ruby-base', ''])
    t.is(findAlias(url, '7'), undefined, url)
})

test("somebody else's base image is pulled only when Docker does not hold it", t => {
  const foreign = base({ dockerUrl: 'me/mine:1' })
  t.deepEqual(planBaseImage(foreign, { alias: undefined, found: undefined }), { do: 'pull', reference: 'me/mine:1' })
  t.deepEqual(planBaseImage(foreign, { alias: undefined, found: 'me/mine:1' }), {
    do: 'ready',
    dockerImage: 'me/mine:1',
  })
})

test('a ready base image needs nothing, until Docker loses it', t => {
  t.is(planBaseImage(readyBase, { alias, found: alias.reference }).do, 'nothing')
  t.is(planBaseImage(readyBase, { alias, found: undefined }).do, 'fail')
})

const newer: DockerImage = { ...found, id: 'sha256:2' }
const request: BuildRequest = {
  ...{ hash: 'h', contract: 'worker', manifest: 'pandas', systemPackages: [] },
  base: { reference: alias.reference, dockerImage: found },
}
const build: Content = { kind: 'build', request }
const failed: Failed = { cause: 'no such package', output: 'Step 1/1 : install-packages\nno', retryAtMs: 0 }
const ready = image({ status: 'READY', dockerImageId: found.id })
const lost = { found: undefined, own: undefined }

const cases: [string, Image, Partial<ImageFacts>, ImageStep['do']][] = [
  ['an image takes the content of its base once that is ready', image(), {}, 'use'],
  ['an image waits while its base is being pulled', image(), { base: base(), content: undefined }, 'wait'],
  ['an image fails with its base', image(), { base: base({ status: 'ERROR', reason: ['no'] }) }, 'fail'],
  ['an image without its base fails', image(), { base: undefined, content: undefined }, 'fail'],
  ['a ready image outlives its base', ready, { base: undefined, content: undefined, own: found }, 'nothing'],
  ['a ready image whose name is gone gets it again', ready, {}, 'use'],
  ['a ready image whose content is gone is built again', ready, { content: build, ...lost }, 'build'],
  ['a ready image moves to the content of a newer runtime', ready, { found: newer, own: found }, 'use'],
  ['a ready image on what it wants needs nothing', ready, { own: found }, 'nothing'],
  ['an update is looked at again', image({ status: 'UPDATING', dockerImageId: found.id }), { own: found }, 'use'],
  ['packages that were not built before are built', image(), { content: build, ...lost }, 'build'],
  ['packages that were built at any time are there at once', image(), { content: build, found: newer }, 'use'],
  ['packages that cannot be are refused', image(), { content: { kind: 'impossible', reason: 'no' } }, 'fail'],
  ['what failed is tried again later', image(), { content: build, ...lost, failed }, 'retry'],
  ['a deleted image is removed', image({ status: 'DELETING' }), {}, 'remove'],
]
for (const [title, entity, fields, expected] of cases) {
  test(title, t => {
    t.is(planImage(entity, facts(fields)).do, expected)
  })
}

test('a failed build says what failed, when it is tried again, and what the failing step printed', t => {
  t.like(planImage(image(), facts({ content: build, ...lost, failed })), {
    status: 'ERROR',
    reason:
      "failed to build image 'dispatch/i:latest': no such package; it is tried again at 1970-01-01T00:00:00.000Z\nStep 1/1 : install-packages\nno",
  })
})

test('a ready image stays ready on what it has when its next content cannot be built', t => {
  const step = planImage(ready, facts({ content: build, found: undefined, own: found, failed }))
  t.like(step, { do: 'retry', status: 'READY' })
  t.regex(step.do === 'retry' ? step.reason : '', /^functions get what was built before: failed to build image/)
})

test('that an image is being built shows where functions have nothing to run on', t => {
  const shown = (entity: Image, own?: DockerImage) =>
    planImage(entity, facts({ content: build, found: undefined, own }))
  t.like(shown(image()), { do: 'build', isShown: true })
  t.like(shown(image({ status: 'UPDATING', dockerImageId: found.id }), found), { do: 'build', isShown: true })
  t.like(shown(ready, found), { do: 'build', isShown: false })
  t.like(shown(image({ status: 'ERROR' })), { do: 'build', isShown: false })
})
