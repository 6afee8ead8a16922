import test from 'ava'
import type { CommandNode } from '../../../cli/command.ts'
import { findCommand } from '../../../cli/parser/find.ts'
import { globalFlags } from '../../../cli/parser/global-flags.ts'
import { root } from '../../../cli/tree.ts'

const walk = (node: CommandNode): CommandNode[] => [node, ...(node.children ?? []).flatMap(walk)]

test('every word has a summary, and every leaf a command', async t => {
  for (const node of walk(root)) {
    t.regex(node.summary, /^[A-Z].*[^ ]$/, node.name)
    if (node.children === undefined) t.truthy(await node.load?.(), node.name)
  }
})

test('no name and no alias is given twice', t => {
  for (const node of walk(root)) {
    const names = (node.children ?? []).flatMap(({ name, aliases = [] }) => [name, ...aliases])
    t.is(new Set(names).size, names.length, node.name)
  }
})

test('no flag of a command hides a global one, no letter stands for two', async t => {
  for (const node of walk(root)) {
    const own = (await node.load?.())?.flags ?? {}
    t.deepEqual(
      Object.keys(own).filter(name => name in globalFlags),
      [],
      node.name,
    )
    const letters = Object.values({ ...globalFlags, ...own }).flatMap(flag => ('short' in flag ? [flag.short] : []))
    t.is(new Set(letters).size, letters.length, node.name)
  }
})

const kinds = [
  'api apis',
  'base-image base-images',
  'eventdriver eventdrivers event-driver event-drivers',
  'eventdrivertype eventdrivertypes event-driver-type event-driver-types eventdriver-types eventdriver-type',
  'function functions',
  'image images',
  'secret secrets',
  'subscription subscriptions',
]
const identities = ['organization organizations', 'policy policies', 'serviceaccount serviceaccounts']
const places: readonly (readonly [words: string, kinds: readonly string[]])[] = [
  ['create', kinds],
  ['get', [...kinds, 'run runs']],
  ['delete', kinds],
  ['edit', [...kinds, ...identities, 'serviceaccount service']],
  ['iam create', identities],
  ['iam get', identities],
  ['iam delete', identities],
]
for (const [words, known] of places)
  test(`${words} takes every kind in singular and plural`, async t => {
    for (const spellings of known) {
      const [first = ''] = spellings.split(' ')
      for (const spelling of spellings.split(' ')) {
        const { path } = await findCommand(root, [...words.split(' '), spelling], globalFlags)
        t.is(path.map(({ name }) => name).join(' '), `dispatch ${words} ${first}`, spelling)
      }
    }
  })
