/** What a function needs next, for each state it and its image can be in. */
import test from 'ava'
import type { ImageState } from '../../../../server/core/ports.ts'
import { planFunction, type Step } from '../../../../server/functions/plan.ts'
import type { FunctionEntity } from '../../../../server/functions/schema.ts'

const wanted = { faasId: 'f2', image: 'python3', handler: '', sourceUrl: 'es://s' }
const active = { ...wanted, faasId: 'f1', dockerImage: 'd:1', language: 'python3' }
const ready: ImageState & { state: 'ready' } = {
  state: 'ready',
  dockerImage: 'dispatch/x:latest',
  language: 'python3',
  contract: 'worker',
}
const entity = (fields: Partial<FunctionEntity>): FunctionEntity => ({
  id: 'id',
  org: 'o',
  name: 'fn',
  revision: 1,
  status: 'INITIALIZED',
  reason: null,
  tags: null,
  createdTimeSeconds: 0,
  modifiedTimeSeconds: 0,
  wanted,
  active: null,
  sourceNames: ['s'],
  functionImageUrl: null,
  services: [],
  ...fields,
})

const settled = { ...active, faasId: 'f2' }
const other: ImageState = { ...ready, dockerImage: 'd:1' }
const refused = { dockerImage: ready.dockerImage, reason: 'why' }
const failed = { status: 'ERROR', functionImageUrl: 'u' } as const

const cases: [string, Partial<FunctionEntity>, ImageState, Step['do']][] = [
  ['a new function on a ready image is built', {}, ready, 'build'],
  ['a new function waits for its image', {}, { state: 'pending' }, 'wait'],
  ['a new function without its image fails', {}, { state: 'absent' }, 'fail'],
  ['an image in error fails its function', {}, { state: 'error', reason: ['x'] }, 'fail'],
  ['a function that failed for want of its image is built once it is there', { status: 'ERROR' }, ready, 'build'],
  ['a function whose own code failed stays as it is', { ...failed, refused }, ready, 'nothing'],
  ['so does one of which is not known where it failed', failed, ready, 'nothing'],
  ['so does one whose image is being built', { ...failed, refused }, { state: 'pending' }, 'nothing'],
  ['code that failed is tried again on other content', { ...failed, refused }, other, 'build'],
  ['a ready function is kept', { status: 'READY', active: settled }, other, 'keep'],
  ['a ready function moves with its image', { status: 'READY', active: settled }, ready, 'move'],
  [
    'a ready function moves to a runtime of another contract',
    { status: 'READY', active: settled },
    { ...other, contract: 'http' },
    'move',
  ],
  ['it does not move where it failed', { status: 'READY', active: settled, refused }, ready, 'keep'],
  [
    'it moves to what its image is after that',
    { status: 'READY', active: settled, refused: { ...refused, dockerImage: 'd:0' } },
    ready,
    'move',
  ],
  ['it stays while its image is being built', { status: 'READY', active: settled }, { state: 'pending' }, 'keep'],
  [
    'it stays while its image cannot be built',
    { status: 'READY', active: settled },
    { state: 'error', reason: [] },
    'keep',
  ],
  [
    'a ready function is kept although its image is gone',
    { status: 'READY', active: settled },
    { state: 'absent' },
    'keep',
  ],
  ['an update builds the new version', { status: 'UPDATING', active }, ready, 'build'],
  ['a build that a crash cut off is done again', { status: 'CREATING' }, ready, 'build'],
  ['a deleted function is removed whatever its image', { status: 'DELETING', active }, { state: 'absent' }, 'remove'],
]
for (const [title, fields, image, expected] of cases) {
  test(title, t => {
    t.is(planFunction(entity(fields), image).do, expected)
  })
}

test('the reason for a missing image has the words that existing scripts look for', t => {
  const step = planFunction(entity({}), { state: 'absent' })
  t.like(step, {
    reason:
      "Error when fetching image for function fn: failed to get image: 'python3': [Code: 404] image python3 not found",
  })
})

test('a ready function says that its image is gone, or why it does not follow it, and nothing else', t => {
  const kept = entity({ status: 'READY', active: settled, refused })
  const others: ImageState[] = [other, { state: 'pending' }, { state: 'error', reason: ['x'] }]
  for (const image of others) t.like(planFunction(kept, image), { do: 'keep', reason: null })
  t.like(planFunction(kept, ready), { do: 'keep', reason: ['why'] })
  const step = planFunction(kept, { state: 'absent' })
  t.regex(step.do === 'keep' ? String(step.reason) : '', /^image python3 was deleted: the function goes on running/)
})

test('what moves is the version that answers, on the new content', t => {
  const moved = { ...settled, dockerImage: ready.dockerImage, contract: 'worker' }
  t.deepEqual(planFunction(entity({ status: 'READY', active: settled }), ready), { do: 'move', version: moved })
})
