/** What every store promises for entities and its change feed. */
import type { ExecutionContext, TestFn } from 'ava'
import type { Change, Store } from '../../../server/store/port.ts'
import { type Note, note } from './samples.ts'

export type OpenStore = (t: ExecutionContext) => Promise<Store>

export function entityCases(test: TestFn, open: OpenStore): void {
  test('a created entity has revision 1, whatever was sent, and is found only under its kind and organization', async t => {
    const store = await open(t)
    const functions = store.collection<Note>('Function')
    const created = await functions.create(note('a', { revision: 9 }))
    t.deepEqual(created, note('a', { revision: 1 }))
    t.deepEqual(await functions.get('solo', 'a'), created)
    t.is(await functions.get('other', 'a'), undefined)
    t.is(await store.collection<Note>('Image').get('solo', 'a'), undefined)
  })

  test('keys are those of what is listed, in the same order', async t => {
    const notes = (await open(t)).collection<Note>('Source')
    for (const [org, name] of [
      ['b', 'x'],
      ['a', 'y'],
      ['a', 'x'],
    ] as const)
      await notes.create(note(name, { org }))
    await notes.remove('b', 'x')
    t.deepEqual(await notes.keys(), [
      { org: 'a', name: 'x' },
      { org: 'a', name: 'y' },
    ])
  })

  test('a name can be taken once for each kind and organization', async t => {
    const store = await open(t)
    const images = store.collection<Note>('BaseImage')
    await images.create(note('a'))
    const error = await t.throwsAsync(images.create(note('a', { text: 'other' })))
    t.like(error, { code: 409, httpStatus: 409, message: 'base image a already exists' })
    await images.create(note('a', { org: 'other' }))
    await store.collection<Note>('Image').create(note('a'))
    t.is((await images.get('solo', 'a'))?.text, 'text of a')
  })

  test('an update needs the revision that is stored', async t => {
    const notes = (await open(t)).collection<Note>('Function')
    const first = await notes.create(note('a'))
    const second = await notes.update({ ...first, text: 'second' })
    t.deepEqual(second, { ...first, text: 'second', revision: 2 })
    const error = await t.throwsAsync(notes.update({ ...first, text: 'lost' }))
    t.like(error, { code: 500, blame: 'ours' })
    t.regex(error?.message ?? '', /^internal error when processing function a: .*try again$/)
    t.deepEqual(await notes.get('solo', 'a'), second)
  })

  test('of many updates from the same revision exactly one wins, and the others do not harm it', async t => {
    const notes = (await open(t)).collection<Note>('Secret')
    const first = await notes.create(note('a'))
    const updates = Array.from({ length: 20 }, (_, index) => notes.update({ ...first, text: `${index}` }))
    const ends = await Promise.allSettled(updates)
    const won = ends.filter(end => end.status === 'fulfilled').map(end => end.value)
    t.is(won.length, 1)
    t.deepEqual(await notes.get('solo', 'a'), won[0])
  })

  test('updating what is absent says so', async t => {
    const notes = (await open(t)).collection<Note>('Source')
    const error = await t.throwsAsync(notes.update(note('a', { revision: 1 })))
    t.like(error, { code: 404, message: 'source a not found' })
  })

  test('removing works whatever the revision, and tells whether there was something', async t => {
    const notes = (await open(t)).collection<Note>('Image')
    await notes.create(note('a'))
    t.true(await notes.remove('solo', 'a'))
    t.false(await notes.remove('solo', 'a'))
    t.is(await notes.get('solo', 'a'), undefined)
    t.is((await notes.create(note('a'))).revision, 1)
  })

  test('lists are ordered by the bytes of organization, then name', async t => {
    const notes = (await open(t)).collection<Note>('Function')
    // U+FF5E sorts before U+1F600 by bytes, behind it by UTF-16 units.
    const names = ['b', 'B', 'a-b', 'a', 'é', '\u{1f600}', '\uff5e', 'ab', '10', '9']
    const inOrder = ['10', '9', 'B', 'a', 'a-b', 'ab', 'b', 'é', '\uff5e', '\u{1f600}']
    await Promise.all(['solo', 'Solo'].flatMap(org => names.map(name => notes.create(note(name, { org })))))
    const listed = await notes.list()
    t.deepEqual(
      listed.map(({ org, name }) => [org, name]),
      ['Solo', 'solo'].flatMap(org => inOrder.map(name => [org, name])),
    )
    t.deepEqual(
      (await notes.list('solo')).map(({ name }) => name),
      inOrder,
    )
    t.deepEqual(await notes.list('nobody'), [])
  })

  test('text of every script comes back unchanged', async t => {
    const notes = (await open(t)).collection<Note>('Function')
    const text = 'Zażółć 日本語 \u{1f469}\u200d\u{1f4bb} "quotes" \\ \u0000 \u2028 \r\n'
    await notes.create(note('naïve-\u{1f600}', { text, reason: [text] }))
    t.like(await notes.get('solo', 'naïve-\u{1f600}'), { text, reason: [text] })
  })

  test('what a caller does to its object afterwards does not reach the store', async t => {
    const notes = (await open(t)).collection<Note>('Function')
    const sent = note('a', { reason: ['kept'] })
    const created = await notes.create(sent)
    sent.reason?.push('not kept')
    created.tags?.splice(0)
    const read = await notes.get('solo', 'a')
    read?.reason?.push('nor this')
    t.deepEqual(await notes.get('solo', 'a'), note('a', { reason: ['kept'], revision: 1 }))
  })

  test('the feed tells each committed write to an entity once, in order, and no refused one', async t => {
    const store = await open(t)
    const changes: Change[] = []
    const stop = store.onChange(change => changes.push(change))
    const notes = store.collection<Note>('Function')
    const names = Array.from({ length: 50 }, (_, index) => `n${index}`)
    await Promise.all(names.map(name => notes.create(note(name))))
    await t.throwsAsync(notes.create(note('n0')))
    await notes.update(note('n1', { revision: 1 }))
    await t.throwsAsync(notes.update(note('n1', { revision: 1 })))
    await notes.remove('solo', 'n2')
    await notes.remove('solo', 'n2')
    stop()
    await notes.remove('solo', 'n3')
    const told = (name: string, removed = false) => ({ kind: 'Function', org: 'solo', name, removed })
    t.deepEqual(changes, [...names.map(name => told(name)), told('n1'), told('n2', true)] as Change[])
  })

  test('a rewrite changes what is stored, neither its revision nor a word in the feed; it is too late for another revision', async t => {
    const store = await open(t)
    const changes: Change[] = []
    const notes = store.collection<Note>('Secret')
    const first = await notes.create(note('a'))
    store.onChange(change => changes.push(change))
    t.true(await notes.rewrite({ ...first, text: 'another form' }))
    t.deepEqual(await notes.get('solo', 'a'), { ...first, text: 'another form' })
    const second = await notes.update({ ...first, text: 'second' })
    t.false(await notes.rewrite(first))
    t.false(await notes.rewrite(note('absent', { revision: 1 })))
    t.deepEqual(await notes.list(), [second])
    t.deepEqual(changes, [{ kind: 'Secret', org: 'solo', name: 'a', removed: false }])
  })

  test('a rewrite does not bring back what was removed, and created again with the same name', async t => {
    const store = await open(t)
    const notes = store.collection<Note>('Secret')
    const first = await notes.create(note('a'))
    await notes.remove('solo', 'a')
    const second = await notes.create(note('a', { id: 'f2c1a5b0-0000-4000-8000-000000000001', text: 'second' }))
    t.is(second.revision, first.revision)
    t.false(await notes.rewrite(first))
    t.deepEqual(await notes.get('solo', 'a'), second)
  })

  test('when the feed speaks the change can be read, and every listener hears it', async t => {
    const store = await open(t)
    const notes = store.collection<Note>('Image')
    const seen: Promise<Note | undefined>[] = []
    const listener = (change: Change) => seen.push(notes.get(change.org, change.name))
    store.onChange(listener)
    store.onChange(listener)
    await notes.create(note('a'))
    t.deepEqual(await Promise.all(seen), [note('a', { revision: 1 }), note('a', { revision: 1 })])
  })
}
