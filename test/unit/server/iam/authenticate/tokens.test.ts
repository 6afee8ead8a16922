/** Noting that a token was used brings back none that was deleted, and makes nobody read all of them again. */
import { setImmediate } from 'node:timers/promises'
import test from 'ava'
import { digestOf } from '../../../../../server/core/digest.ts'
import { createTokenProof, createTokenText } from '../../../../../server/iam/authenticate/tokens.ts'
import type { Token } from '../../../../../server/iam/token-schema.ts'
import { createMemoryStore } from '../../../../../server/store/memory.ts'
import { giveToken } from '../../../../helpers/credentials.ts'

test('the use of a token that was deleted is not noted in another one of its name', async t => {
  const tokens = createMemoryStore().collection<Token>('Token')
  const create = (id: string, text: string) =>
    tokens.create({
      ...{ id, org: 'dispatch', name: 'ci', revision: 0, status: 'READY', reason: null, tags: null },
      ...{ createdTimeSeconds: 0, modifiedTimeSeconds: 0, expiresSeconds: null, lastUsedSeconds: null, scope: null },
      ...{ digest: digestOf(text), holder: { kind: 'user', subject: 'jon', id: null } },
    })
  const [former, present] = [createTokenText('dst_'), createTokenText('dst_')]
  let nowMs = 1_800_000_000_000
  const failures: unknown[] = []
  const fail = (fields: object) => void failures.push(fields)
  const log = { info: () => undefined, warn: fail, error: fail }
  const proof = createTokenProof({ tokens, isPresent: async () => true, nowMs: () => nowMs, log })
  await create('one', former)
  t.truthy(await proof.prove(former))
  await tokens.remove('dispatch', 'ci')
  await create('two', present)
  nowMs += 120_000
  // It is still remembered at this moment.
  await proof.prove(former)
  for (let turns = 0; turns < 10; turns += 1) await setImmediate()
  t.like(await tokens.get('dispatch', 'ci'), { id: 'two', digest: digestOf(present), lastUsedSeconds: null })
  t.deepEqual(failures, [])
})

test('uses of tokens are noted without reading all of them again; a new one counts, a deleted one does not', async t => {
  const store = createMemoryStore()
  const tokens = store.collection<Token>('Token')
  let lists = 0
  const list = () => {
    lists += 1
    return tokens.list()
  }
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined }
  const nowMs = () => 1_800_000_000_000
  const counted = { list, get: tokens.get, update: tokens.update }
  const proof = createTokenProof({ tokens: counted, isPresent: async () => true, nowMs, log })
  store.onChange(proof.follow)
  const give = async () => (await giveToken(store, { subject: 'jon' })).authorization.slice('Bearer '.length)
  const texts = [await give(), await give(), await give()]
  for (const text of [...texts, ...texts]) {
    t.truthy(await proof.prove(text))
    for (let turns = 0; turns < 10; turns += 1) await setImmediate()
  }
  t.is(lists, 1)
  const all = await tokens.list()
  t.true(all.every(({ lastUsedSeconds }) => lastUsedSeconds === 1_800_000_000))
  t.truthy(await proof.prove(await give()))
  for (const { org, name } of all) await tokens.remove(org, name)
  for (const text of texts) t.is(await proof.prove(text), undefined)
})
