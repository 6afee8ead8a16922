/** What base images and images need next, for each state they and Docker can be in. */
import { readdirSync } from 'node:fs'
import test from 'ava'
import { runtimeLanguages } from '../../../../server/images/aliases.ts'
import { type ImageFacts, planBaseImage, planImage, type Step } from '../../../../server/images/plan.ts'
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
  baseDockerImage: found,
  built: false,
  target: 'dispatch/i:latest',
  ...fields,
})

test('a base image of ours runs on the runtime of this machine', t => {
  t.deepEqual(planBaseImage(base(), { alias, found }), { do: 'ready', dockerImage: alias.reference })
})

test('a base image of ours without its runtime fails at once and says what to load', t => {
  const step = planBaseImage(base(), { alias, found: undefined })
  t.is(step.do, 'fail')
  t.regex(step.do === 'fail' ? step.reason : '', /^error when pulling image .* docker load -i python3\.tar/)
})

test('a base image of a language without a runtime says so, and names nothing to load', t => {
  const reference = 'dispatch-solo/java:1'
  const java = base({ dockerUrl: 'dispatchframework/java-base:0.0.13', language: 'java' })
  t.deepEqual(planBaseImage(java, { alias: { language: 'java', reference }, found: undefined }), {
    do: 'fail',
    reason:
      'error when pulling image dispatchframework/java-base:0.0.13: this version has no runtime for java, only for nodejs and python3',
  })
})

test('the languages that are said to have a runtime are those that have one', t => {
  t.deepEqual(readdirSync('server/runtimes').toSorted(), runtimeLanguages)
})

test("somebody else's base image is pulled only when Docker does not hold it", t => {
  const foreign = base({ dockerUrl: 'me/mine:1' })
  t.deepEqual(planBaseImage(foreign, { alias: undefined, found: undefined }), { do: 'pull', reference: 'me/mine:1' })
  t.deepEqual(planBaseImage(foreign, { alias: undefined, found }), { do: 'ready', dockerImage: 'me/mine:1' })
})

test('a ready base image needs nothing, until Docker loses it', t => {
  t.is(planBaseImage(readyBase, { alias, found }).do, 'nothing')
  t.is(planBaseImage(readyBase, { alias, found: undefined }).do, 'fail')
})

const cases: [string, Image, Partial<ImageFacts>, Step['do']][] = [
  ['an image is tagged once its base is ready', image(), {}, 'tag'],
  ['an image waits while its base is being pulled', image(), { base: base() }, 'wait'],
  ['an image fails with its base', image(), { base: base({ status: 'ERROR', reason: ['no'] }) }, 'fail'],
  ['an image without its base fails', image(), { base: undefined }, 'fail'],
  ['a ready image outlives its base', image({ status: 'READY' }), { base: undefined, built: true }, 'nothing'],
  ['a ready image whose tag is gone is tagged again', image({ status: 'READY' }), {}, 'tag'],
  ['an update is built again', image({ status: 'UPDATING' }), { built: true }, 'tag'],
  ['a manifest that the runtime satisfies needs no build', image({ manifest: 'requests\n' }), {}, 'tag'],
  ['a manifest that it does not satisfy fails', image({ manifest: 'pandas==0.23.0' }), {}, 'fail'],
  ['a base without a runtime of ours fails', image(), { baseDockerImage: { ...found, labels: {} } }, 'fail'],
  ['a deleted image is removed', image({ status: 'DELETING' }), {}, 'remove'],
]
for (const [title, entity, fields, expected] of cases) {
  test(title, t => {
    t.is(planImage(entity, facts(fields)).do, expected)
  })
}
